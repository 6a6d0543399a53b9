// SPDX-License-Identifier: MIT
// A vault in a storage: read, unlocked by whatever this machine has, changed. What people do to it
// (create it, change its keys) stands in manager.h. Private to this folder.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "platform/store/server_index.h"
#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/system/error.h"
#include "platform/text/notes.h"
#include "platform/vault/format/format.h"
#include "platform/vault/storage/storage.h"
#include "platform/vault/unlock/unlocker.h"

namespace cred {

// How far unlocking may go.
enum class Effort {
  quiet,      // what keeps the vault unlocked, or a key file: microseconds, and nobody notices
  full,       // also clevis, and asking for the passphrase
  called_for  // the same, for a command by which the user asked to be asked: `prompt` in the
              // settings does not count, nor a refusal just before
};

class Vault {
 public:
  // A vault as it was read, to be changed and written.
  struct Change {
    VaultHeader header;
    LockedBytes data_key;
    VaultCredentials credentials;
  };

  // May refuse what was read, before a change is applied to it; `held` is the header that this
  // process had read before.
  using Gate =
      std::function<std::optional<Refusal>(const VaultHeader& read, const VaultHeader& held)>;

  // Refuses another vault, and an older state of this one.
  [[nodiscard]] static std::optional<Refusal> refuse_another(const VaultHeader& read,
                                                             const VaultHeader& held);

  // Touches nothing. `patience`: in the place of the storage's own.
  Vault(Environment environment, Settings settings, std::unique_ptr<Storage> storage,
        const Notes& notes, Gate gate = refuse_another,
        std::optional<std::chrono::milliseconds> patience = std::nullopt);

  [[nodiscard]] Storage& storage() { return *storage_; }
  [[nodiscard]] Unlocker& unlocker() { return unlocker_; }
  [[nodiscard]] bool exists() { return storage_->exists(); }
  [[nodiscard]] std::string name() const { return storage_->name(); }
  [[nodiscard]] bool is_shared() const { return storage_->is_shared(); }

  // The header of what read() gave last: there has to be something.
  [[nodiscard]] const VaultHeader& header_read() const { return state_->header; }

  // What can be known of it without a key. Throws vault_missing, vault_unsafe.
  [[nodiscard]] VaultHeader header();

  // What it holds now; valid until the next call. nullptr where `effort` does not unlock it, or
  // there is none; a full effort throws instead, as Unlocker does, or vault_unsafe, vault_missing.
  [[nodiscard]] const VaultContents* read(Effort effort);

  // The same with full effort, before a change: nullptr also where the change does without, for a
  // shared vault of which the copy here is damaged or missing is read from its place.
  [[nodiscard]] const VaultContents* read_before_change();

  // The same by `data_key`, which unlocks it.
  const VaultContents* read_with(LockedBytes data_key);

  [[nodiscard]] bool may_unlock() { return unlocker_.may_unlock(header()); }

  // Applies `apply` to what the vault is, in one write; it is unlocked like read(full) before the
  // storage is held. Where somebody else wrote meanwhile, `apply` is called again, on what they
  // wrote; and, where a storage cannot tell whether a write is in, perhaps on its own result. What
  // `apply` throws leaves the vault as it was. What others made meanwhile of a credential, after a
  // write of ours that may be in, is left as they made it. Throws Error(unsettled) where it is not
  // known in the end whether the change is in. Returns the generation that it made.
  std::uint64_t rewrite(const std::function<void(Change&)>& apply);

  // The same, and the index goes with it: the vault holds `gone` no more, and what came in is named
  // there already.
  std::uint64_t rewrite(const std::function<void(Change&)>& apply, ServerIndex& index,
                        std::span<const std::string> gone = {});

  // The first write of a vault, by who holds its storage. Throws bad_request if there is one
  // already, Error(unsettled).
  void create(const VaultHeader& header, const LockedBytes& data_key, const Storage::Hold& hold);

  // Unlocked like read(full), but not by what keeps it unlocked, nor, if `material` is given, by
  // anything but that (the content of a key file). Keeps it unlocked for `time`; false if this
  // machine cannot, which was said then.
  bool unlock(std::chrono::seconds time, const LockedBytes* material);

 private:
  struct State {
    std::string bytes;
    VaultHeader header;
    LockedBytes data_key;
  };

  [[nodiscard]] const VaultContents* load(std::string bytes, Effort effort);
  [[nodiscard]] std::optional<LockedBytes> known_key(const VaultHeader& header);
  [[nodiscard]] std::optional<std::uint64_t> try_rewrite(const std::function<void(Change&)>& apply);
  [[nodiscard]] std::optional<std::uint64_t> attempt(const std::function<void(Change&)>& apply);
  [[nodiscard]] bool is_in(std::string_view bytes);
  [[nodiscard]] std::string read_bytes();
  [[nodiscard]] VaultHeader header_in(std::string_view bytes) const;

  std::unique_ptr<Storage> storage_;
  Unlocker unlocker_;
  Gate gate_;
  Storage::Pace pace_;
  std::optional<State> state_;             // of the last read
  std::optional<VaultContents> contents_;  // of state_
  std::optional<State> attempted_;         // a write that may be in
  std::optional<VaultContents> base_;      // what the first such write was made of
  std::optional<std::string> unread_;  // of a shared vault: with a key that is not known quietly
};

}  // namespace cred
