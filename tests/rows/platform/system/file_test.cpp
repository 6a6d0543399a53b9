// SPDX-License-Identifier: MIT
#include "platform/system/file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/system/error.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

std::size_t entries_of(const TemporaryFolder& folder) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(folder.path()), {}));
}

}  // namespace

TEST_CASE("a lock is held by one, for as long as it lives") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "lock";
  using std::chrono::milliseconds;
  {
    const auto held = FileLock::acquire(path, milliseconds(0));
    CHECK(held);
    CHECK_FALSE(FileLock::acquire(path, milliseconds(20)));
  }
  CHECK(FileLock::acquire(path, milliseconds(0)));
}

TEST_CASE("a file is replaced whole") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "file";
  replace_file(path, "one");
  CHECK(folder.read("file") == "one");
  CHECK(mode_of(path) == 0600);
  SUBCASE("again") { replace_file(path, "two"); }
  SUBCASE("past what a killed call left") {
    folder.write("file.new", "half");
    replace_file(path, "two", {.is_synced = true});
  }
  SUBCASE("past a link that somebody planted") {
    folder.write("victim", "kept");
    std::filesystem::create_symlink(folder.path() / "victim", folder.path() / "file.new");
    replace_file(path, "two");
    CHECK(folder.read("victim") == "kept");
    std::filesystem::remove(folder.path() / "victim");
  }
  SUBCASE("for everybody") {
    replace_file(path, "two", {.mode = 0644, .is_synced = true});
    CHECK(mode_of(path) == 0644);
  }
  SUBCASE("in an open folder, under another name first") {
    const Fd held(open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    folder.write("first", "half");
    replace_file("file", "two", {.is_synced = true, .folder = held.get(), .temporary = "first"});
  }
  CHECK(folder.read("file") == "two");
  CHECK(entries_of(folder) == 1);
}

TEST_CASE("what cannot be replaced stays, and nothing is left beside it") {
  const TemporaryFolder folder;
  folder.write("file/inside", "");
  CHECK_THROWS_AS(replace_file(folder.path() / "file", "two"), Error);
  CHECK(folder.read("file/inside").empty());
  CHECK(entries_of(folder) == 1);
  try {
    replace_file(folder.path() / "none" / "file", "two", {.what = "the thing"});
    FAIL("expected an error");
  } catch (const Error& failure) {
    CHECK(std::string(failure.what()).starts_with("the thing: "));
  }
}

TEST_CASE("a file is made only where there is nothing") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "file";
  CHECK(create_file(path, "one", {.is_synced = true}));
  CHECK(mode_of(path) == 0600);
  CHECK_FALSE(create_file(path, "two"));
  CHECK(folder.read("file") == "one");
  std::filesystem::create_symlink(folder.path() / "nowhere", folder.path() / "link");
  CHECK_FALSE(create_file(folder.path() / "link", "two"));
  CHECK(folder.read("nowhere") == "(none)");
  CHECK_THROWS_AS(static_cast<void>(create_file(folder.path() / "none" / "x", "y")), Error);
}

TEST_CASE("what cannot be locked is named by its whole path") {
  const TemporaryFolder folder;
  const LockPlace place{.file = folder.path() / "none" / "a.lock",
                        .whole = "/whole/path/of/a.lock",
                        .instead = folder.path() / "none" / "b.lock"};
  CHECK_THROWS_WITH_AS(static_cast<void>(FileLock::acquire(place, std::chrono::milliseconds(0))),
                       doctest::Contains("/whole/path/of/a.lock: No such file"), Error);
}

TEST_CASE("a folder is listed by name, one that is not there as empty") {
  const TemporaryFolder folder;
  folder.write("b", "");
  folder.write("a", "");
  const std::vector both{folder.path() / "a", folder.path() / "b"};
  CHECK(list_folder(folder.path()) == both);
  CHECK(list_folder(folder.path() / "none").empty());
  CHECK(list_folder(folder.path() / "a").empty());
}

TEST_CASE("a file is read whole, and only a regular one") {
  const TemporaryFolder folder;
  const std::string large(100000, 'x');
  folder.write("file", large);
  CHECK(read_file(folder.path() / "file") == large);
  CHECK_FALSE(read_file(folder.path() / "none"));
  CHECK_THROWS_AS(static_cast<void>(read_file(folder.path() / "file" / "below")), Error);
  CHECK_THROWS_AS(static_cast<void>(read_file(folder.path())), Error);
  REQUIRE(mkfifo((folder.path() / "fifo").c_str(), 0600) == 0);
  CHECK_THROWS_AS(static_cast<void>(read_file(folder.path() / "fifo")), Error);
  const Fd fd(open((folder.path() / "file").c_str(), O_RDONLY | O_CLOEXEC));
  CHECK_THROWS_AS(static_cast<void>(read_all(fd.get(), large.size() - 1, "it")), Error);
}

TEST_CASE("folders are made with those above them") {
  const TemporaryFolder folder;
  make_private_folder(folder.path() / "a" / "b");
  CHECK(mode_of(folder.path() / "a") == 0700);
  CHECK(mode_of(folder.path() / "a" / "b") == 0700);
  make_public_folder(folder.path() / "a" / "c");
  CHECK(mode_of(folder.path() / "a" / "c") == 0755);
  CHECK(mode_of(folder.path() / "a") == 0700);  // it was there
  folder.write("file", "");
  CHECK_THROWS_AS(make_private_folder(folder.path() / "file" / "x"), Error);
}

}  // namespace cred::test
