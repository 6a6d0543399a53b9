// SPDX-License-Identifier: MIT
// What people do to the vault itself: create it, unlock and lock it, change its keys.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/system/error.h"
#include "platform/text/notes.h"
#include "platform/vault/format/format.h"
#include "platform/vault/shared_vault.h"

namespace cred {

class Storage;
class Vault;

inline constexpr std::chrono::hours kLongestUnlocked(7 * 24);

// For people, who made a vault with a passphrase as its only key.
inline constexpr const char* kPassphraseIsAll =
    "nobody can read the vault without this passphrase, and it cannot be recovered; a second key "
    "helps: docker-credential-keyring vault key add";

// A key of the vault that is to be made.
struct NewSlot {
  SlotKind kind = SlotKind::passphrase;
  std::filesystem::path key_file = {};  // made if it is missing; "-": the key is read from stdin
  std::string pin = {}, config = {};    // clevis
  std::string label = {};               // for people; empty: the name of this host
};

struct VaultStatus {
  std::string name;                  // for people: where it is
  bool exists = false;               // true unless it is known to be absent
  std::optional<Refusal> elsewhere;  // where one is instead, and why it is not found here
  std::string id;                    // hexadecimal
  std::uint64_t generation = 0;
  std::optional<std::uint64_t> unlocked_until;            // seconds since 1970, if for a time
  std::optional<std::uint64_t> unlocked_elsewhere_until;  // as in a user namespace, at the latest
  std::optional<std::map<std::string, std::string>> usernames;  // by server; unknown while locked
  std::vector<KeySlot> slots;
  std::optional<SharedStatus> shared;  // where several machines share it
  bool is_kept_from_swap = false;      // whether the system lets keys be locked into memory

  // Whether it answers without asking.
  [[nodiscard]] bool is_unlocked() const { return usernames.has_value(); }
};

// Failures are Errors. Asks at the terminal where it needs a passphrase.
class VaultManager {
 public:
  // A key as it is in the vault now.
  struct AddedKey {
    KeySlot slot;
    std::filesystem::path made = {};  // its key file, where that is new, with a random key
  };

  // Of the vault that the environment names; of the one in `storage`.
  VaultManager(const Environment& environment, const Settings& settings, const Notes& notes);
  VaultManager(std::unique_ptr<Storage> storage, const Environment& environment,
               const Settings& settings, const Notes& notes);
  VaultManager(const VaultManager&) = delete;
  VaultManager& operator=(const VaultManager&) = delete;
  ~VaultManager();

  // Whether it is unlocked, or can be: by what this machine has, by asking at the terminal, or by
  // `key_file` ("-": stdin, which is read only if nothing else unlocks it). Throws as
  // read_key_file() does where that file cannot be used; one that is missing is only no key.
  [[nodiscard]] bool can_be_unlocked(const std::optional<std::filesystem::path>& key_file);

  // For people: where the vault is.
  [[nodiscard]] std::string name() const;
  [[nodiscard]] bool exists() const;

  // Where a key file is made if nobody says where: in root's or the user's configuration, never
  // beside the vault.
  [[nodiscard]] std::filesystem::path usual_key_file() const;

  // Throws bad_request if there is a vault already, or a key file would be beside it; unsettled
  // where it is not known in the end whether it was made. A key file that was made is never
  // removed: who read it meanwhile may have a vault that needs it.
  AddedKey create(const NewSlot& source);

  // Keeps it unlocked for `time`, kLongestUnlocked at most. `key_file` ("-": stdin) unlocks it in
  // the place of the keys that it has here. False if this machine cannot keep it unlocked.
  bool unlock(std::chrono::seconds time, const std::optional<std::filesystem::path>& key_file);

  // Ends all that keeps it unlocked, everywhere; also where the vault itself cannot be read.
  void lock();

  [[nodiscard]] VaultStatus status();

  // Removes the vault, and what keeps it unlocked; where it is gone already, the index forgets what
  // it held. Returns the key slots that it had, as far as they can be read.
  std::vector<KeySlot> destroy();

  [[nodiscard]] std::vector<KeySlot> slots();
  AddedKey add_slot(const NewSlot& source);

  // A passphrase that is another one from now on, in its old slot.
  struct ChangedPassphrase {
    KeySlot slot;
    std::vector<std::string> unused = {};  // keys that were not used, with the reason: then the
                                           // data key is the old one, and an old copy with the old
                                           // passphrase unlocks later copies as well
    std::optional<std::uint64_t> unlocked_until = {};  // it stays unlocked as it was
  };

  // Asks for the old passphrase, that of the slot `id` (hexadecimal) alone if that is not empty,
  // then for the new one, then uses every other key once, as far as it can: with all of them
  // everything is encrypted with a new data key. `must_renew`: without that, nothing is changed.
  ChangedPassphrase change_passphrase(const std::string& id, bool must_renew);

  // Asks for every other key anew, and encrypts all with a new data key, so that the key of the
  // slot `id` (hexadecimal) unlocks no file that is written from then on; with `keep_data_key` only
  // its slot goes.
  void remove_slot(const std::string& id, bool keep_data_key);

 private:
  [[nodiscard]] struct KeySource key_source();
  [[nodiscard]] LockedBytes named_key(const std::filesystem::path& key_file);
  void lock_after_renewal();
  [[nodiscard]] std::optional<std::uint64_t> keep_until(std::uint64_t time,
                                                        const VaultHeader& header,
                                                        const LockedBytes& data_key);

  Environment environment_;
  Settings settings_;
  Notes notes_;
  std::unique_ptr<Vault> vault_;
  std::optional<LockedBytes> stdin_key_;  // which can be read once
};

}  // namespace cred
