// SPDX-License-Identifier: MIT
// The keys of a vault: what manager.h says of them.
#include <algorithm>
#include <functional>
#include <iterator>
#include <span>
#include <utility>

#include "platform/store/server_index.h"
#include "platform/system/error.h"
#include "platform/vault/format/clock.h"
#include "platform/vault/format/slot_key.h"
#include "platform/vault/manager.h"
#include "platform/vault/new_key.h"
#include "platform/vault/storage/shared_storage.h"
#include "platform/vault/vault.h"

namespace cred {
namespace {

auto find_slot(std::vector<KeySlot>& slots, const std::string& id) {
  const auto found =
      std::ranges::find(slots, id, [](const KeySlot& slot) { return to_hex(slot.id); });
  if (found == slots.end()) {
    throw Error(Errc::bad_request, "the vault has no key with the id " + id);
  }
  return found;
}

std::string described(const KeySlot& slot) {
  return std::string(name_of(slot.kind)) + ' ' + to_hex(slot.id) + " (" + slot.label + ')';
}

bool has_slot(const std::vector<KeySlot>& slots, const std::string& id) {
  return std::ranges::find(slots, id, &KeySlot::id) != slots.end();
}

bool same_slots(const std::vector<KeySlot>& a, const std::vector<KeySlot>& b) {
  return std::ranges::equal(a, b, {}, &KeySlot::wrap, &KeySlot::wrap);
}

// The slots that a vault is to have, each with the key that wraps its data key.
struct Renewal {
  std::vector<KeySlot> slots;
  std::vector<LockedBytes> keys;

  void add(KeySlot slot, Bytes material) {
    slot.salt = random_bytes(kSaltSize);
    keys.push_back(slot_key(slot, material));
    slots.push_back(std::move(slot));
  }
};

// Encrypts all with a new data key, which `renewal` wraps; `before` is what it was made of.
void renew_data_key(Renewal& renewal, const VaultHeader& before, Vault::Change& change) {
  if (same_slots(change.header.slots, renewal.slots)) return;  // by an attempt that is in after all
  if (!same_slots(change.header.slots, before.slots)) {
    throw Error(Errc::io, "another process changed the keys of the vault; try again");
  }
  change.data_key = LockedBytes::random(kDataKeySize);
  change.header.commitment = commitment_to(change.data_key, change.header.id);
  for (std::size_t i = 0; i < renewal.slots.size(); ++i) {
    wrap_data_key(renewal.slots[i], change.header.id, change.data_key, renewal.keys[i]);
  }
  change.header.slots = renewal.slots;
}

// Whether one more slot of this kind has room among `slots`.
void check_room(const std::vector<KeySlot>& slots, SlotKind kind) {
  const auto passphrases = std::ranges::count(slots, SlotKind::passphrase, &KeySlot::kind);
  if (kind == SlotKind::passphrase && static_cast<std::size_t>(passphrases) >= kMostPassphrases) {
    throw Error(Errc::bad_request, "the vault has three passphrases, and takes no more");
  }
  if (slots.size() >= kMostSlots) {
    throw Error(Errc::bad_request, "the vault has 32 keys, and takes no more");
  }
}

void check_is_passphrase(std::vector<KeySlot> slots, const std::string& id) {
  const auto slot = find_slot(slots, id);
  if (slot->kind == SlotKind::passphrase) return;
  throw Error(Errc::bad_request, "the key " + described(*slot) + " is no passphrase");
}

bool is_asked_for(const KeySlot& slot) { return slot.kind == SlotKind::passphrase; }

// All but `id`. Those that people are asked for come last: what fails by itself fails before that.
std::vector<KeySlot> other_slots(const VaultHeader& header, const std::string& id) {
  std::vector<KeySlot> others;
  std::ranges::remove_copy(header.slots, back_inserter(others), id, &KeySlot::id);
  std::stable_partition(others.begin(), others.end(), std::not_fn(is_asked_for));
  return others;
}

// Uses the key of each of `slots` once. Returns those whose key was not used, and why.
std::vector<std::string> use_keys(std::span<const KeySlot> slots, const VaultHeader& before,
                                  Unlocker& unlocker, Renewal& renewal) {
  std::vector<std::string> unused;
  for (const auto& slot : slots) {
    const std::string what = described(slot) + ", Enter skips it";
    try {
      renewal.add(slot, unlocker.material_of(slot, before, what).bytes());
    } catch (const Error& failure) {
      unused.push_back(described(slot) + ": " + failure.what());
    }
  }
  return unused;
}

void check_all_used(const std::vector<std::string>& unused) {
  if (unused.empty()) return;
  throw Error(Errc::wrong_key,
              "nothing was changed, because a new data key needs every key: " + unused.front());
}

// The slot `id` as `renewal` has it, with the data key that there is.
void replace_slot(const Renewal& renewal, const std::string& id, Vault::Change& change) {
  const auto made = std::ranges::find(renewal.slots, id, &KeySlot::id);
  const auto place = std::ranges::find(change.header.slots, id, &KeySlot::id);
  if (place == change.header.slots.end()) {
    throw Error(Errc::io, "another process removed this key of the vault");
  }
  KeySlot slot = *made;
  const auto key = renewal.keys.begin() + (made - renewal.slots.begin());
  wrap_data_key(slot, change.header.id, change.data_key, *key);
  *place = std::move(slot);
}

}  // namespace

std::vector<KeySlot> VaultManager::slots() { return vault_->header().slots; }

VaultManager::AddedKey VaultManager::add_slot(const NewSlot& source) {
  const VaultHeader before = vault_->header();
  if (source.kind == SlotKind::clevis && vault_->storage().is_shared()) {
    throw Error(Errc::bad_request, "no key was added: " + std::string(kNoClevisInShared));
  }
  check_room(before.slots, source.kind);
  static_cast<void>(vault_->read(Effort::called_for));  // before anybody is asked for the new key
  NewKey made = make_key(source, "no key was added", key_source());
  KeySlot& slot = made.slot;
  const LockedBytes key = slot_key(slot, made.material.bytes());
  const auto add = [&](Vault::Change& change) {
    if (has_slot(change.header.slots, slot.id)) return;  // by an attempt that is in after all
    check_room(change.header.slots, slot.kind);          // others may have been quicker
    wrap_data_key(slot, change.header.id, change.data_key, key);
    change.header.slots.push_back(slot);
  };
  ServerIndex index(environment_);
  write_with(made.made, [&] { vault_->rewrite(add, index); });
  return {slot, made.made};
}

void VaultManager::remove_slot(const std::string& id, bool keep_data_key) {
  VaultHeader before = vault_->header();
  const std::string removed = find_slot(before.slots, id)->id;
  if (before.slots.size() == 1) {
    throw Error(Errc::bad_request, "this is the only key of the vault; add another one first");
  }
  ServerIndex index(environment_);
  if (keep_data_key) {
    const auto is_it = [&](const KeySlot& slot) { return to_hex(slot.id) == id; };
    vault_->rewrite([&](Vault::Change& change) { std::erase_if(change.header.slots, is_it); },
                    index);
    return;
  }
  // Everything that asks comes first. The key of each slot that stays is needed, because it wraps
  // the new data key; this also proves that it is known.
  Renewal renewal;
  for (const auto& slot : other_slots(before, removed)) {
    try {
      const LockedBytes material =
          vault_->unlocker().material_of(slot, before, described(slot) + ", which stays");
      renewal.add(slot, material.bytes());
    } catch (const Error& failure) {
      throw Error(failure.code(), "nothing was changed, because the key " + described(slot) +
                                      " stays and has to be used once: " + failure.what());
    }
  }
  vault_->rewrite([&](Vault::Change& change) { renew_data_key(renewal, before, change); }, index);
  lock_after_renewal();
}

// What kept it unlocked holds the old key.
void VaultManager::lock_after_renewal() {
  try {
    lock();
  } catch (const Error& failure) {
    notes_.note("what kept the vault unlocked is left, and unlocks it no more: ", failure.what());
  }
}

// As it was kept before; nullopt where the time is over, or the system keeps nothing.
std::optional<std::uint64_t> VaultManager::keep_until(std::uint64_t time, const VaultHeader& header,
                                                      const LockedBytes& data_key) {
  const auto now = seconds_now();
  if (time <= now) return std::nullopt;
  vault_->unlocker().keep_unlocked(header, data_key, std::chrono::seconds(time - now));
  return vault_->unlocker().is_kept() ? std::optional(time) : std::nullopt;
}

VaultManager::ChangedPassphrase VaultManager::change_passphrase(const std::string& id,
                                                                bool must_renew) {
  const VaultHeader before = vault_->header();
  if (!id.empty()) check_is_passphrase(before.slots, id);
  Unlocker& unlocker = vault_->unlocker();
  const auto kept = unlocker.kept_unlocked(before);
  auto old = unlocker.by_passphrase(before, id);
  vault_->read_with(std::move(old.data_key));
  KeySlot slot = new_slot(SlotKind::passphrase);
  slot.id = old.slot.id;
  slot.label = old.slot.label;

  ChangedPassphrase changed{.slot = slot};
  Renewal renewal;
  const std::vector<KeySlot> others = other_slots(before, slot.id);
  const auto asked = std::ranges::find_if(others, is_asked_for);
  changed.unused = use_keys({others.begin(), asked}, before, unlocker, renewal);
  if (must_renew) check_all_used(changed.unused);
  const LockedBytes material = unlocker.ask_new_passphrase("the passphrase was not changed");
  std::ranges::move(use_keys({asked, others.end()}, before, unlocker, renewal),
                    back_inserter(changed.unused));
  if (must_renew) check_all_used(changed.unused);
  renewal.add(slot, material.bytes());
  ServerIndex index(environment_);
  if (changed.unused.empty()) {
    LockedBytes data_key{0};
    vault_->rewrite(
        [&](Vault::Change& change) {
          renew_data_key(renewal, before, change);
          data_key = LockedBytes(change.data_key.bytes());
        },
        index);
    lock_after_renewal();
    if (kept) changed.unlocked_until = keep_until(kept->until, before, data_key);
  } else {
    vault_->rewrite([&](Vault::Change& change) { replace_slot(renewal, slot.id, change); }, index);
    if (kept) changed.unlocked_until = kept->until;
  }
  return changed;
}

}  // namespace cred
