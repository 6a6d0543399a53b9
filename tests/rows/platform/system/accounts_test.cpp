// SPDX-License-Identifier: MIT
#include "platform/system/accounts.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "platform/system/error.h"
#include "platform/system/file.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

// What comes of reading `file`: its text, "absent", or the reason.
std::string outcome(const Account& account, const std::filesystem::path& file) {
  try {
    return read_file_of(account, file).value_or("absent");
  } catch (const Error& failure) {
    const std::string message = failure.what();
    return message.substr(message.find(": ") + 2);
  }
}

}  // namespace

TEST_CASE("root is among the accounts, with a home") {
  const auto accounts = list_accounts();
  const auto root = std::ranges::find(accounts, uid_t{0}, &Account::uid);
  REQUIRE(root != accounts.end());
  CHECK_FALSE(root->name.empty());
  CHECK(root->home.is_absolute());
  CHECK(account_name(0) == root->name);
}

TEST_CASE("work is done as an account, with nothing of root's") {
  constexpr std::chrono::seconds kLong(60);
  const Account ada{"ada", 4242, 4243, "/nonexistent"};
  const auto done = [&](const std::function<bool()>& holds) {
    const auto work = [&] { return holds() ? 7 : 8; };
    return run_as(ada, work, kLong);
  };
  if (geteuid() != 0) {
    CHECK_FALSE(done([] { return true; }));
    return;
  }
  CHECK(done([] { return getuid() == 4242 && geteuid() == 4242 && getegid() == 4243; }) == 7);
  CHECK(done([] { return setresuid(0, 0, 0) != 0; }) == 7);
  CHECK(done([] { return environ == nullptr || *environ == nullptr; }) == 7);
  CHECK(done([] { return std::filesystem::current_path() == "/"; }) == 7);
  CHECK(done([] { return getsid(0) == getpid() && prctl(PR_GET_DUMPABLE) == 0; }) == 7);
  CHECK(done([] { return fcntl(STDERR_FILENO, F_GETFD) >= 0 && fcntl(4, F_GETFD) < 0; }) == 7);
  CHECK(done([]() -> bool { throw Error(Errc::io, "no"); }) == std::nullopt);
  const auto hang = [] { return pause(); };
  CHECK(run_as(ada, hang, std::chrono::seconds(1)) == std::nullopt);
}

TEST_CASE("where nothing takes the place of root's terminal, no work is done") {
  const Account ada{"ada", 4242, 4243, "/nonexistent"};
  rlimit before = {};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const int one = dup(STDIN_FILENO);
  const int two = dup(STDIN_FILENO);
  REQUIRE(two > one);
  close(one);
  close(two);
  // Enough for the pipe to the child, and for no more.
  const rlimit few = {static_cast<rlim_t>(two) + 1, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
  const auto done = run_as(
      ada, [] { return 7; }, std::chrono::seconds(60));
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(done == std::nullopt);
}

TEST_CASE("the files of an account are read as that account") {
  const Account ada{"ada", 4242, 4242, "/nonexistent"};
  TemporaryFolder folder;
  const auto home = folder.path();
  chmod(home.c_str(), 0755);
  const auto file = home / "config.json";
  if (geteuid() != 0) {
    CHECK(outcome(ada, file) == "it cannot be read as its owner");
    return;
  }
  const auto give = [&](const std::filesystem::path& path) {
    REQUIRE(lchown(path.c_str(), 4242, 4242) == 0);
  };
  const auto put = [&](const std::string& text) {
    replace_file(file, text);
    give(file);
  };
  SUBCASE("a file of theirs") {
    put("{}");
    CHECK(outcome(ada, file) == "{}");
  }
  SUBCASE("the largest, and one byte more") {
    put(std::string(kLargestForeignFile, 'x'));
    CHECK(outcome(ada, file).size() == kLargestForeignFile);
    put(std::string(kLargestForeignFile + 1, 'x'));
    CHECK(outcome(ada, file) == "it is larger than 1 MiB");
  }
  SUBCASE("none") { CHECK(outcome(ada, file) == "absent"); }
  SUBCASE("closed to themselves") {
    put("{}");
    chmod(file.c_str(), 0);
    CHECK(outcome(ada, file) == "absent");
  }
  SUBCASE("a link to a file of theirs") {
    put("{}");
    std::filesystem::create_symlink(file, home / "link");
    CHECK(outcome(ada, home / "link") == "{}");
  }
  SUBCASE("a link to what root alone may read") {
    replace_file(file, "{}");
    std::filesystem::create_symlink(file, home / "link");
    give(home / "link");
    CHECK(outcome(ada, home / "link") == "absent");
  }
  SUBCASE("a file of another's that they may read") {
    replace_file(file, "{}", {.mode = 0644});
    CHECK(outcome(ada, file) == "it belongs to another user");
  }
  SUBCASE("a device") {
    std::filesystem::create_symlink("/dev/zero", file);
    CHECK(outcome(ada, file) == "it is no regular file");
  }
  SUBCASE("a pipe that nobody writes") {
    REQUIRE(mkfifo(file.c_str(), 0666) == 0);
    give(file);
    CHECK(outcome(ada, file) == "it is no regular file");
  }
  SUBCASE("a folder") { CHECK(outcome(ada, home) == "it is no regular file"); }
  SUBCASE("links in a circle") {
    std::filesystem::create_symlink(file, file);
    CHECK(outcome(ada, file) == "Too many levels of symbolic links");
  }
}

}  // namespace cred::test
