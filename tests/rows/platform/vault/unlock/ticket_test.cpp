// SPDX-License-Identifier: MIT
#include "platform/vault/unlock/ticket.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "platform/system/file.h"
#include "platform/vault/format/format.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

struct Unlocked {
  TemporaryFolder folder;
  Fd fd{open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  std::string id = random_bytes(kVaultIdSize);
  VaultTickets tickets{fd.get(), id};
  LockedBytes data_key = LockedBytes::random(kDataKeySize);
  std::ostringstream notes;

  Unlocked() = default;
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;
  ~Unlocked() { tickets.end_all(); }

  // False where this machine allows no keys in its kernel: then it was said, and nothing is kept.
  [[nodiscard]] bool issue() {
    const bool is_kept = tickets.issue(data_key, std::chrono::hours(1), Notes(notes));
    CHECK(is_kept == notes.str().empty());
    if (is_kept) return true;
    CHECK_FALSE(tickets.find());
    CHECK(files().empty());
    return false;
  }
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
      names.push_back(file.path().filename());
    }
    return names;
  }
};

}  // namespace

TEST_CASE("a ticket gives the data key back until it is ended") {
  Unlocked vault;
  CHECK_FALSE(vault.tickets.find());
  if (!vault.issue()) return;
  const auto found = vault.tickets.find();
  REQUIRE(found);
  CHECK(std::ranges::equal(found->data_key.bytes(), vault.data_key.bytes()));
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
  CHECK(found->until > static_cast<std::uint64_t>(now.count()));
  CHECK(vault.files().size() == 1);
  CHECK(vault.issue());  // a newer one takes its place
  CHECK(vault.files().size() == 1);
  vault.tickets.end_all();
  CHECK_FALSE(vault.tickets.find());
  CHECK(vault.files().empty());
}

TEST_CASE("several that unlock a vault at once leave it unlocked") {
  Unlocked vault;
  if (!vault.issue()) return;
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    children.push_back(fork());
    REQUIRE(children.back() >= 0);
    if (children.back() == 0) {
      for (int issued = 0; issued < 100; ++issued) static_cast<void>(vault.issue());
      _exit(vault.notes.str().empty() ? 0 : 1);
    }
  }
  for (const pid_t child : children) {
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
  CHECK(vault.tickets.find());
}

TEST_CASE("neither half is worth anything alone") {
  Unlocked vault;
  if (!vault.issue()) return;
  const std::string name = vault.files().at(0);
  SUBCASE("the ticket without the kernel's key, as in another vault's name") {
    CHECK_FALSE(VaultTickets(vault.fd.get(), random_bytes(kVaultIdSize)).find());
  }
  SUBCASE("the kernel's key without the ticket") {
    std::filesystem::remove(vault.folder.path() / name);
    CHECK_FALSE(vault.tickets.find());
  }
  SUBCASE("without its id only the tickets go, which is enough") {
    VaultTickets(vault.fd.get(), "").end_all();
    CHECK_FALSE(vault.tickets.find());
    CHECK(vault.files().empty());
  }
}

TEST_CASE("a ticket that was changed, or is open to others, is none") {
  Unlocked vault;
  if (!vault.issue()) return;
  const auto path = vault.folder.path() / vault.files().at(0);
  const std::string ticket = vault.folder.read(path.filename());
  const auto write = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  };
  for (std::size_t i = 0; i < ticket.size(); ++i) {
    CAPTURE(i);
    std::string changed = ticket;
    changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ 1U);
    write(changed);
    CHECK_FALSE(vault.tickets.find());
  }
  write(ticket + 'x');
  CHECK_FALSE(vault.tickets.find());
  write(ticket.substr(1));
  CHECK_FALSE(vault.tickets.find());
  write(ticket);
  CHECK(vault.tickets.find());
  std::filesystem::permissions(path, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  CHECK_FALSE(vault.tickets.find());
}

TEST_CASE("what only begins as a ticket does stays when tickets end") {
  Unlocked vault;
  const std::string hex(32, 'a');
  const std::vector<std::string> others{"open-vault", "open-" + hex + "0", "open-" + hex + ".txt",
                                        "open-" + std::string(32, 'A'), "open-"};
  for (const auto& name : others) vault.folder.write(name, "a word");
  vault.folder.write("open-" + hex, "a ticket");
  std::filesystem::create_directory(vault.folder.path() / "open-folder");
  vault.tickets.end_all();
  for (const auto& name : others) CHECK(vault.folder.read(name) == "a word");
  CHECK(vault.folder.read("open-" + hex) == "(none)");
}

TEST_CASE("a new ticket sweeps away those that are over, and nothing else") {
  Unlocked vault;
  const auto put = [&](const std::string& name, const std::string& text) {
    std::filesystem::permissions(vault.folder.write(name, text), std::filesystem::perms::owner_read,
                                 std::filesystem::perm_options::replace);
  };
  const auto name = [](char digit) { return "open-" + std::string(32, digit); };
  put(name('0'), "dckopen1" + std::string(80, '\0'));    // over since 1970
  put(name('1'), "dckopen1" + std::string(80, '\x7f'));  // not over for long
  put(name('2'), "something else");
  put("vault", "bytes");
  if (!vault.issue()) return;
  CHECK(vault.files().size() == 4);
  CHECK(vault.folder.read(name('0')) == "(none)");
}

}  // namespace cred::test
