// SPDX-License-Identifier: MIT
// A vault on this machine: found, opened by whatever the machine has, read, changed. What people do
// to it (create it, change the ways to open it) stands in vault_keeper.h. Private to this folder.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/text/notes.h"
#include "platform/vault/format.h"
#include "platform/vault/storage.h"
#include "platform/vault/ticket.h"

namespace cred {

// How far opening may go.
enum class Effort {
  quiet,  // what keeps it open, or a key file: microseconds, and nobody notices
  full    // also clevis, and asking for the passphrase
};

inline constexpr std::chrono::minutes kUnlockedAfterAsking(15);

class Vault {
 public:
  // A vault as it was read, with the key that opens it.
  struct State {
    VaultStorage::Content content;
    VaultHeader header;
    LockedBytes data_key;
  };

  // Touches nothing.
  Vault(Environment environment, Settings settings, const Notes& notes);

  [[nodiscard]] const std::filesystem::path& path() const { return storage_.path(); }
  [[nodiscard]] LocalStorage& storage() { return storage_; }
  [[nodiscard]] bool exists() const;

  // The id of the vault that was read last, or that is there.
  [[nodiscard]] std::string id() { return state_ ? state_->header.id : header().id; }

  // What can be known of it without a key. Throws vault_missing, vault_unsafe.
  [[nodiscard]] VaultHeader header();

  // What it holds, as it is on the disk now; valid until the next call. nullptr where `effort` does
  // not open it, or there is none; a full effort throws instead: vault_locked (nobody can be
  // asked), vault_refused, wrong_key, not_unsealed, vault_unsafe, vault_missing.
  [[nodiscard]] const VaultContents* read(Effort effort);

  // Whether a full effort may succeed, as far as can be told without one.
  [[nodiscard]] bool may_unlock();

  // Applies `apply` to what the vault is, in one write; it is opened like read(full) before the
  // lock is taken. Where another process changed the data key meanwhile, it is opened again. What
  // `apply` throws leaves the vault as it was.
  void rewrite(const std::function<void(State&, VaultCredentials&)>& apply);

  // Opened like read(full), but not by what keeps it open, nor, if `material` is given, by anything
  // but that (the content of a key file). Keeps it open for `time`.
  void unlock(std::chrono::seconds time, const LockedBytes* material);

  // What gives `way` its key: asked for (as `asked_for`, for people), read, or unsealed, and proven
  // to open the vault of `header`. Throws like a full read().
  [[nodiscard]] LockedBytes material_of(const KeySlot& slot, const VaultHeader& header,
                                        const std::string& asked_for);

  [[nodiscard]] std::optional<UnlockedVault> kept_unlocked(const VaultHeader& header);
  void keep_unlocked(const VaultHeader& header, const LockedBytes& data_key,
                     std::chrono::seconds time);

  // Asks for a passphrase that is to be new, twice. Throws vault_locked, vault_refused.
  [[nodiscard]] LockedBytes ask_new_passphrase() const;

 private:
  [[nodiscard]] std::optional<LockedBytes> known_key(const VaultHeader& header);
  [[nodiscard]] std::optional<LockedBytes> unlock_by_key_files(const VaultHeader& header);
  [[nodiscard]] std::optional<LockedBytes> unlock_by_clevis(const VaultHeader& header);
  [[nodiscard]] LockedBytes unlock_by_asking(const VaultHeader& header, std::chrono::seconds time,
                                             bool anew);
  [[nodiscard]] LockedBytes ask(class PromptLock& lock, class Terminal& terminal,
                                const VaultHeader& header) const;
  [[nodiscard]] LockedBytes unsealed(const KeySlot& slot);
  [[nodiscard]] class PromptLock lock_prompt(std::chrono::milliseconds limit);
  [[noreturn]] void throw_locked(const VaultHeader& header);

  Environment environment_;
  Settings settings_;
  Notes notes_;
  LocalStorage storage_;
  std::optional<State> state_;             // of the last read
  std::optional<VaultContents> contents_;  // of state_
  std::string failures_;                   // of the ways that were tried, for people
};

}  // namespace cred
