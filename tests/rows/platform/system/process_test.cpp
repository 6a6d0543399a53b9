// SPDX-License-Identifier: MIT
#include "platform/system/process.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "tests/lab/temporary_folder.h"

namespace cred::test {

TEST_CASE("a program is found as a shell finds it") {
  const TemporaryFolder folder;
  folder.write("one/tool", "");
  const auto tool = folder.write("two/tool", "");
  std::filesystem::permissions(tool, std::filesystem::perms::owner_all);
  Environment environment;
  environment.variables["PATH"] =
      (folder.path() / "one").string() + ':' + (folder.path() / "two").string();
  CHECK(find_program(environment, "tool") == tool);
  CHECK_FALSE(find_program(environment, "other"));
  CHECK_FALSE(is_this_program(tool));
  CHECK(is_this_program("/proc/self/exe"));
}

TEST_CASE("docker starts nothing from a folder that PATH does not name as a whole") {
  CHECK_FALSE(why_not_by_name("/usr/bin/tool"));
  for (const char* found : {"./tool", "bin/tool", "../tool"}) CHECK(why_not_by_name(found));
  struct Row {
    std::string path, whole;
  };
  const Row rows[] = {
      {"/a:/b", "/a:/b"}, {".:/a", "/a"}, {"/a::b:../c:/d/", "/a:/d/"}, {":", ""}, {"", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CHECK(whole_folders(row.path) == row.whole);
  }
}

TEST_CASE("a program that can be started says so itself") {
  const TemporaryFolder folder;
  Environment environment;
  environment.variables["PATH"] = "/usr/bin:/bin";
  const auto why_not = [&](const std::string& text) {
    const auto program = folder.write("tool", text);
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    return why_not_startable(environment, program, std::chrono::seconds(60)).has_value();
  };
  CHECK_FALSE(why_not("#!/bin/sh\nexit 0\n"));
  CHECK(why_not("#!/nonexistent/interpreter\n"));
}

TEST_CASE("a pipe is no terminal") {
  int ends[2] = {-1, -1};
  REQUIRE(pipe(ends) == 0);
  CHECK_FALSE(is_terminal(ends[0]));
  close(ends[0]);
  close(ends[1]);
  CHECK_FALSE(is_terminal(-1));
}

}  // namespace cred::test
