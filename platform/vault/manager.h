// SPDX-License-Identifier: MIT
// What people do to the vault itself: create it, open and close it, change the ways to open it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/text/notes.h"
#include "platform/vault/format.h"

namespace cred {

class Vault;

// A way to open the vault that is to be made.
struct NewSlot {
  SlotKind kind = SlotKind::passphrase;
  std::filesystem::path key_file;  // made if it is missing; "-": the key is read from stdin
  std::string pin, config;         // clevis
};

struct VaultStatus {
  std::filesystem::path path;
  bool exists = false;
  std::string id;  // hexadecimal
  std::uint64_t generation = 0;
  bool is_unlocked = false;                     // it answers without asking
  std::optional<std::uint64_t> unlocked_until;  // seconds since 1970, if it is kept open for a time
  std::optional<std::size_t> servers;           // how many credentials; unknown while it is locked
  std::vector<KeySlot> slots;
  bool is_kept_from_swap = false;  // whether the system lets keys be locked into memory
};

// Failures are Errors. Asks at the terminal where it needs a passphrase.
class VaultManager {
 public:
  VaultManager(const Environment& environment, const Settings& settings, const Notes& notes);
  VaultManager(const VaultManager&) = delete;
  VaultManager& operator=(const VaultManager&) = delete;
  ~VaultManager();

  [[nodiscard]] const std::filesystem::path& path() const;
  [[nodiscard]] bool exists() const;

  // Where a key file is made if nobody says where: in root's or the user's configuration, never
  // beside the vault.
  [[nodiscard]] std::filesystem::path usual_key_file() const;

  // Throws bad_request if there is a vault already, or a key file would lie beside it.
  KeySlot create(const NewSlot& source);

  // Keeps it open for `time`, up to seven days. `key_file` ("-": stdin) opens it in the place of
  // the ways that it has here.
  void unlock(std::chrono::seconds time, const std::optional<std::filesystem::path>& key_file);

  // Ends all that keeps it open, everywhere; also where the vault itself cannot be read.
  void lock();

  [[nodiscard]] VaultStatus status();

  // Removes the vault, and what keeps it open; where it is gone already, the index forgets what it
  // held. Returns the ways it had, as far as they can be read.
  std::vector<KeySlot> destroy();

  [[nodiscard]] std::vector<KeySlot> slots();
  KeySlot add_slot(const NewSlot& source);

  // Opens every other way anew, and encrypts all with a new data key, so that the way `id`
  // (hexadecimal) opens no file written from then on; with `keep_data_key` only its entry goes.
  void remove_slot(const std::string& id, bool keep_data_key);

 private:
  class MadeKeyFile;
  [[nodiscard]] std::pair<KeySlot, LockedBytes> make_slot(const NewSlot& source, MadeKeyFile& made);
  [[nodiscard]] LockedBytes read_or_make_key(const std::filesystem::path& file, MadeKeyFile& made);

  Environment environment_;
  Settings settings_;
  Notes notes_;
  std::unique_ptr<Vault> vault_;
};

}  // namespace cred
