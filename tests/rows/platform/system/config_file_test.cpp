// SPDX-License-Identifier: MIT
#include "platform/system/config_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <array>
#include <cstdint>

#include "platform/system/error.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

auto count_files(const TemporaryFolder& folder) {
  return std::distance(std::filesystem::directory_iterator(folder.path()), {});
}

}  // namespace

TEST_CASE("a file is replaced only if it is still what was expected") {
  const TemporaryFolder folder;
  const auto path = folder.write("config.json", "old");
  REQUIRE(chmod(path.c_str(), 0640) == 0);
  ConfigFile file(path);
  SUBCASE("it is") {
    CHECK(file.replace("old", "new"));
    CHECK(folder.read("config.json") == "new");
  }
  SUBCASE("it is not") {
    CHECK_FALSE(file.replace("older", "new"));
    CHECK(folder.read("config.json") == "old");
  }
  SUBCASE("it was expected to be missing") {
    CHECK_FALSE(file.replace(std::nullopt, "new"));
    CHECK(folder.read("config.json") == "old");
  }
  SUBCASE("another program writes after the preparation") {
    file.prepare();
    folder.write("config.json", "newer");
    CHECK_FALSE(file.replace("old", "new"));
    CHECK(folder.read("config.json") == "newer");
    CHECK(file.replace("newer", "new"));
    CHECK(folder.read("config.json") == "new");
  }
  CHECK(mode_of(path) == 0640);
  CHECK(file.own_leftovers().empty());
}

TEST_CASE("a missing file is made, for the owner alone") {
  const TemporaryFolder folder;
  ConfigFile file(folder.path() / "new" / "config.json");
  CHECK_FALSE(file.read());
  file.prepare();
  CHECK_FALSE(file.read());  // preparing touches nothing but the temporary file
  CHECK(file.replace(std::nullopt, "text"));
  CHECK(folder.read("new/config.json") == "text");
  CHECK(mode_of(folder.path() / "new/config.json") == 0600);
  CHECK(mode_of(folder.path() / "new") == 0700);
}

TEST_CASE("whom an access control list keeps out stays out") {
  const TemporaryFolder folder;
  const auto path = folder.write("config.json", "old");
  // The owner rw-, user 2005 r--, the group ---, the most of these r--, others ---.
  const std::array<std::uint16_t, 22> list = {2,      0,      1,  6, 0xffff, 0xffff, 2,  4,
                                              2005,   0,      4,  0, 0xffff, 0xffff, 16, 4,
                                              0xffff, 0xffff, 32, 0, 0xffff, 0xffff};
  constexpr const char* kName = "system.posix_acl_access";
  REQUIRE(setxattr(path.c_str(), kName, list.data(), sizeof list, 0) == 0);
  ConfigFile file(path);
  file.prepare();
  CHECK(file.replace("old", "new"));
  std::array<std::uint16_t, 22> now = {};
  CHECK(getxattr(path.c_str(), kName, now.data(), sizeof now) == sizeof now);
  CHECK(now == list);
  CHECK(mode_of(path) == 0640);
}

TEST_CASE("symbolic links stay") {
  const TemporaryFolder folder;
  const auto link = folder.path() / "config.json";
  std::filesystem::create_symlink("real/config.json", link);
  ConfigFile file(link);
  SUBCASE("to a file") {
    folder.write("real/config.json", "old");
    CHECK(file.replace("old", "new"));
  }
  SUBCASE("to nothing") { CHECK(file.replace(std::nullopt, "new")); }
  CHECK(std::filesystem::is_symlink(link));
  CHECK(folder.read("real/config.json") == "new");
  CHECK(count_files(folder) == 2);
}

TEST_CASE("what was to be narrow is narrow also where another program wrote meanwhile") {
  const TemporaryFolder folder;
  const auto path = folder.write("config.json", "old");
  REQUIRE(chmod(path.c_str(), 0644) == 0);
  ConfigFile file(path);
  file.prepare(/*narrow=*/true);
  folder.write("config.json", "newer");
  CHECK_FALSE(file.replace("old", "new"));
  CHECK(file.replace("newer", "new"));
  CHECK(mode_of(path) == 0600);
}

TEST_CASE("a link that is turned elsewhere meanwhile leads to no file that was not prepared") {
  const TemporaryFolder folder;
  const auto one = folder.write("one.json", "old");
  const auto other = folder.write("other.json", "old");
  const auto link = folder.path() / "config.json";
  std::filesystem::create_symlink(one, link);
  ConfigFile file(link);
  file.prepare();
  std::filesystem::remove(link);
  std::filesystem::create_symlink(other, link);
  CHECK_FALSE(file.replace("old", "new"));
  CHECK(folder.read("one.json") == "old");
  CHECK(folder.read("other.json") == "old");
  CHECK(count_files(folder) == 3);
  CHECK(file.replace("old", "new"));
  CHECK(folder.read("one.json") == "old");
  CHECK(folder.read("other.json") == "new");
}

TEST_CASE("what cannot be replaced is refused with a reason") {
  const TemporaryFolder folder;
  const auto loop = folder.path() / "loop";
  std::filesystem::create_symlink("loop", loop);
  CHECK_THROWS_AS(ConfigFile(loop).prepare(), Error);
  std::filesystem::create_directory(folder.path() / "folder");
  CHECK_THROWS_AS(static_cast<void>(ConfigFile(folder.path() / "folder").read()), Error);
}

TEST_CASE("an unused temporary file goes with its owner") {
  const TemporaryFolder folder;
  const auto path = folder.write("config.json", "old");
  {
    ConfigFile file(path);
    file.prepare();
    CHECK(count_files(folder) == 2);
  }
  CHECK(count_files(folder) == 1);
}

}  // namespace cred::test
