// SPDX-License-Identifier: MIT
// How a vault gives up its data key here: what keeps it unlocked, key files, clevis, and the
// question for the passphrase. Private to platform/vault/.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/text/notes.h"
#include "platform/vault/format/format.h"
#include "platform/vault/storage/storage.h"
#include "platform/vault/unlock/ticket.h"

namespace cred {

inline constexpr std::chrono::minutes kUnlockedAfterAsking(15);

// A vault has no more: one answer is tried on each, and each takes long.
inline constexpr std::size_t kMostPassphrases = 3;

// Each `header` is that of the vault in `storage`. A full effort, which may ask, throws
// vault_locked (nobody can be asked), vault_refused, wrong_passphrase, wrong_key, not_unsealed.
class Unlocker {
 public:
  // Touches nothing. `storage` must outlive it.
  Unlocker(Environment environment, Settings settings, const Notes& notes, Storage& storage)
      : environment_(std::move(environment)),
        settings_(std::move(settings)),
        notes_(notes),
        storage_(storage) {}

  // Whether a full effort may succeed, as far as can be told without one.
  [[nodiscard]] bool may_unlock(const VaultHeader& header);

  // By what nobody notices, in microseconds: what keeps the vault unlocked, or a key file. nullopt
  // where neither gives the data key.
  [[nodiscard]] std::optional<LockedBytes> quietly(const VaultHeader& header);
  [[nodiscard]] std::optional<LockedBytes> by_key_files(const VaultHeader& header);

  // By what this machine has for itself: the same, and a key command, or a key file that clevis
  // sealed. Nobody is asked, and nothing is stretched.
  [[nodiscard]] std::optional<LockedBytes> by_own_key(const VaultHeader& header);

  [[nodiscard]] std::optional<LockedBytes> by_sealed_key_files(const VaultHeader& header);

  // What kept it from that, for people: "; …", or nothing.
  [[nodiscard]] const std::string& failures() const { return failures_; }

  // The material in a key file; of one that clevis sealed, what it gives. Throws as
  // read_key_file() and clevis_unseal() do.
  [[nodiscard]] LockedBytes unsealed_key_in(const std::filesystem::path& file);

  // By the content of a key file.
  [[nodiscard]] static std::optional<LockedBytes> by_material(const VaultHeader& header,
                                                              Bytes material);

  // By a key command, by clevis, or by asking: a full effort. Keeps the vault unlocked for `time`.
  // Where a command calls for just that, what keeps it unlocked already does not count, nor does
  // `prompt` in the settings, nor a refusal just before.
  [[nodiscard]] LockedBytes by_asking(const VaultHeader& header, std::chrono::seconds time,
                                      bool is_called_for);

  // By a passphrase that is asked for here, whatever keeps it unlocked: that of the slot `id`
  // (hexadecimal) alone, if that is not empty. Fails as a full effort does.
  struct Opened {
    KeySlot slot;
    LockedBytes data_key;
  };
  [[nodiscard]] Opened by_passphrase(const VaultHeader& header, const std::string& id);

  // What gives `slot` its key: asked for (as `asked_for`, for people), read, or unsealed, and
  // proven to unlock the vault. A full effort.
  [[nodiscard]] LockedBytes material_of(const KeySlot& slot, const VaultHeader& header,
                                        const std::string& asked_for);

  [[nodiscard]] std::optional<UnlockedVault> kept_unlocked(const VaultHeader& header);

  // As VaultTickets has it.
  [[nodiscard]] std::optional<std::uint64_t> unlocked_elsewhere_until(const VaultHeader& header);

  // Does nothing where the storage has no folder beside it. Holds the storage, which must not be
  // held by this process.
  void keep_unlocked(const VaultHeader& header, const LockedBytes& data_key,
                     std::chrono::seconds time);

  // Whether it could do so when it was last to.
  [[nodiscard]] bool is_kept() const { return is_kept_; }

  // Asks for a passphrase that is to be new, twice. Throws vault_locked; bad_request where none was
  // given, with what comes of that: "no vault was made".
  [[nodiscard]] LockedBytes ask_new_passphrase(const std::string& outcome) const;

 private:
  // nullopt if `material` is not that of `slot`.
  [[nodiscard]] static std::optional<LockedBytes> try_slot(const KeySlot& slot,
                                                           const VaultHeader& header,
                                                           Bytes material);
  [[nodiscard]] std::optional<class Terminal> terminal() const;
  [[nodiscard]] LockedBytes key_by_command(const std::string& command) const;
  [[nodiscard]] std::optional<LockedBytes> by_key_command(const VaultHeader& header);
  [[nodiscard]] std::vector<std::filesystem::path> key_files(const VaultHeader& header) const;
  [[nodiscard]] bool has_sealed_key_file(const VaultHeader& header) const;
  [[nodiscard]] bool may_use_clevis(const VaultHeader& header) const;
  [[nodiscard]] LockedBytes key_in(const std::filesystem::path& file) const;
  [[nodiscard]] LockedBytes unsealed_key(const LockedBytes& sealed,
                                         const std::filesystem::path& file);
  [[nodiscard]] std::optional<LockedBytes> by_clevis(const VaultHeader& header);
  [[nodiscard]] LockedBytes ask(class PromptLock& lock, class Terminal& terminal,
                                const VaultHeader& header, bool is_called_for) const;
  [[nodiscard]] Opened ask_passphrase(class Terminal& terminal, const VaultHeader& header,
                                      const std::string& id,
                                      const std::function<void()>& refused) const;
  [[nodiscard]] LockedBytes unsealed(std::string_view pin, std::string_view sealed);
  [[nodiscard]] class PromptLock lock_prompt(std::chrono::milliseconds limit);
  [[noreturn]] void throw_locked(const VaultHeader& header);

  Environment environment_;
  Settings settings_;
  Notes notes_;
  Storage& storage_;
  bool is_kept_ = false;
  std::string failures_;  // of the key slots that were tried, for people
};

}  // namespace cred
