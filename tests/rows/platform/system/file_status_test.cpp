// SPDX-License-Identifier: MIT
#include "platform/system/file_status.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "tests/lab/temporary_folder.h"

namespace cred::test {

TEST_CASE("a file as it lies there") {
  using std::filesystem::perms;
  const TemporaryFolder folder;
  const auto path = folder.write("file", "text");
  SUBCASE("readable by others") {
    std::filesystem::permissions(path, perms(0644));
    const FileStatus status = inspect_file(path);
    CHECK(status.exists);
    CHECK(status.text == "text");
    CHECK(status.owner == geteuid());
    CHECK(status.others_can_read());
    CHECK_FALSE(status.others_can_write());
  }
  SUBCASE("writable by others") {
    std::filesystem::permissions(path, perms(0602));
    CHECK(inspect_status(path).others_can_write());
    CHECK_FALSE(inspect_status(path).others_can_read());
    CHECK_FALSE(inspect_status(path).text);
  }
  SUBCASE("closed") {
    std::filesystem::permissions(path, perms(0600));
    CHECK_FALSE(inspect_file(path).others_can_read());
    CHECK_FALSE(inspect_file(path).others_can_write());
  }
  SUBCASE("none") {
    const FileStatus status = inspect_file(folder.path() / "none");
    CHECK_FALSE(status.exists);
    CHECK_FALSE(status.text);
  }
  SUBCASE("a link that leads nowhere is there, and cannot be read") {
    std::filesystem::create_symlink("nowhere", folder.path() / "link");
    CHECK(inspect_file(folder.path() / "link").exists);
    CHECK_FALSE(inspect_file(folder.path() / "link").text);
  }
  SUBCASE("a folder") {
    CHECK(inspect_status(folder.path()).exists);
    CHECK_FALSE(inspect_file(folder.path()).text);
  }
}

}  // namespace cred::test
