// SPDX-License-Identifier: MIT
#include "helper/files/containers_tools.h"

#include <doctest/doctest.h>

#include "tests/lab/temporary_folder.h"

namespace cred::test {

TEST_CASE("podman, skopeo and buildah are used where one is installed or has left a file") {
  using std::filesystem::perms;
  const TemporaryFolder folder;
  Environment environment;
  environment.variables = {{"HOME", folder.path() / "home"},
                           {"XDG_RUNTIME_DIR", folder.path() / "run"},
                           {"PATH", folder.path() / "bin"}};
  const auto usual = folder.path() / "usr/bin";
  CHECK_FALSE(uses_containers_tools(environment, usual));

  for (const char* tool : {"podman", "skopeo", "buildah"}) {
    CAPTURE(tool);
    const auto on_path = folder.write(std::string("bin/") + tool, "");
    CHECK_FALSE(uses_containers_tools(environment, usual));  // nobody could start it
    std::filesystem::permissions(on_path, perms::owner_all);
    CHECK(uses_containers_tools(environment, usual));
    std::filesystem::remove(on_path);
    // PATH need not lead there: sudo and cron set one of their own.
    const auto elsewhere = folder.write(std::string("usr/bin/") + tool, "");
    CHECK(uses_containers_tools(environment, usual));
    std::filesystem::remove(elsewhere);
    CHECK_FALSE(uses_containers_tools(environment, usual));
  }

  folder.write("run/containers/auth.json", "{}");
  CHECK(uses_containers_tools(environment, usual));
}

}  // namespace cred::test
