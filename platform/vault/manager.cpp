// SPDX-License-Identifier: MIT
#include "platform/vault/manager.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <span>
#include <utility>

#include "platform/store/server_index.h"
#include "platform/system/error.h"
#include "platform/system/obstacle.h"
#include "platform/text/utf8.h"
#include "platform/vault/clevis.h"
#include "platform/vault/format/clevis_checks.h"
#include "platform/vault/format/slot_key.h"
#include "platform/vault/key_file.h"
#include "platform/vault/local_storage.h"
#include "platform/vault/storage.h"
#include "platform/vault/vault.h"

namespace cred {
namespace {

using std::filesystem::path;

constexpr std::chrono::hours kLongestUnlocked(7 * 24);

bool is_stdin(const path& file) { return file == "-"; }

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

// Whether `file` is in the folder beside a vault, or would be.
bool lies_beside(const path& file, Storage& storage) {
  const auto beside = storage.beside();
  struct stat folder = {};
  struct stat other = {};
  return beside && fstat(beside->get(), &folder) == 0 &&
         stat(file.parent_path().c_str(), &other) == 0 && folder.st_dev == other.st_dev &&
         folder.st_ino == other.st_ino;
}

bool same_slots(const std::vector<KeySlot>& a, const std::vector<KeySlot>& b) {
  return std::ranges::equal(a, b, {}, &KeySlot::wrap, &KeySlot::wrap);
}

// The key of each of `slots`, whose material is asked for, read or unsealed once more.
std::vector<LockedBytes> with_new_salts(std::span<KeySlot> slots, const VaultHeader& header,
                                        Unlocker& unlocker) {
  std::vector<LockedBytes> keys;
  for (auto& slot : slots) {
    try {
      const LockedBytes material = unlocker.material_of(
          slot, header, "passphrase of the key " + described(slot) + " that stays");
      slot.salt = random_bytes(kSaltSize);
      keys.push_back(slot_key(slot, material.bytes()));
    } catch (const Error& failure) {
      throw Error(failure.code(), "nothing was changed, because the key " + described(slot) +
                                      " stays and has to be used once: " + failure.what());
    }
  }
  return keys;
}

// Runs `write`, of a vault that needs the key file `made`. That file stays in any case: another
// vault may need it by now.
template <typename Write>
void write_with(const path& made, Write write) {
  try {
    write();
  } catch (const Error& failure) {
    if (made.empty()) throw;
    throw Error(failure.code(), std::string(failure.what()) + "; the key file " + made.string() +
                                    ", which was made for it, is left");
  }
}

// Whether making the key leaves something behind that others could come to need.
bool leaves_key_file(const NewSlot& source) {
  return source.kind == SlotKind::key_file && !is_stdin(source.key_file);
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

// nullopt of a vault that cannot be used.
std::optional<VaultHeader> readable_header(Vault& vault) {
  try {
    return vault.header();
  } catch (const Error& failure) {
    if (failure.code() != Errc::vault_unsafe) throw;
    return std::nullopt;
  }
}

}  // namespace

// A slot, save for its wrap, and the material that its key is made of.
struct VaultManager::NewKey {
  KeySlot slot;
  LockedBytes material;
  path made = {};  // the key file that was made for it, if there is one
};

VaultManager::VaultManager(const Environment& environment, const Settings& settings,
                           const Notes& notes)
    : VaultManager(open_storage(environment), environment, settings, notes) {}

VaultManager::VaultManager(std::unique_ptr<Storage> storage, const Environment& environment,
                           const Settings& settings, const Notes& notes)
    : environment_(environment),
      settings_(settings),
      notes_(notes),
      vault_(std::make_unique<Vault>(environment, settings, std::move(storage), notes)) {}

VaultManager::~VaultManager() = default;

std::string VaultManager::name() const { return vault_->name(); }

bool VaultManager::exists() const { return vault_->exists(); }

std::filesystem::path VaultManager::usual_key_file() const {
  if (environment_.uid == 0) return "/etc/docker-credential-keyring/key";
  return environment_.config_folder() / "key";
}

VaultManager::AddedKey VaultManager::create(const NewSlot& source) {
  const auto check_absent = [&] {
    if (exists()) throw Error(Errc::bad_request, "there is a vault at " + name() + " already");
  };
  check_absent();
  vault_->storage().prepare();
  // Nobody else waits while a person or clevis does its part; a key file is made, or read, only by
  // the one who makes the vault.
  std::optional<NewKey> key;
  if (!leaves_key_file(source)) key = make_key(source, "no vault was made");
  auto hold = vault_->storage().hold();
  check_absent();
  if (!key) key = make_key(source, "no vault was made");
  auto& [slot, material, made] = *key;
  const LockedBytes data_key = LockedBytes::random(kDataKeySize);
  VaultHeader header;
  header.generation = 1;
  header.id = random_bytes(kVaultIdSize);
  header.commitment = commitment_to(data_key, header.id);
  wrap_data_key(slot, header.id, data_key, slot_key(slot, material.bytes()));
  header.slots.push_back(slot);
  write_with(made, [&] { vault_->create(header, data_key, hold); });
  hold.reset();
  // A new vault holds nothing that the index does not know.
  ServerIndex index(environment_);
  index.set_complete(kVaultId, {to_hex(header.id), header.generation}, {});
  index.set_place(kVaultId, to_hex(header.id), name());
  if (slot.kind != SlotKind::key_file)
    vault_->unlocker().keep_unlocked(header, data_key, kUnlockedAfterAsking);
  return {slot, !made.empty()};
}

bool VaultManager::unlock(std::chrono::seconds time,
                          const std::optional<std::filesystem::path>& key_file) {
  if (time <= std::chrono::seconds(0) || time > kLongestUnlocked) {
    throw Error(Errc::bad_request, "a vault is kept unlocked for up to 7 days");
  }
  if (!key_file) return vault_->unlock(time, nullptr);
  const LockedBytes material = is_stdin(*key_file) ? read_key(STDIN_FILENO, "on stdin")
                                                   : read_key_file(*key_file, environment_, notes_);
  return vault_->unlock(time, &material);
}

void VaultManager::lock() {
  const auto header = readable_header(*vault_);  // without it the tickets go all the same
  const auto folder = vault_->storage().beside();
  if (!folder) return;  // then nothing keeps it unlocked
  const auto hold = vault_->storage().hold();
  VaultTickets(folder->get(), header ? header->id : "").end_all();
}

VaultStatus VaultManager::status() {
  VaultStatus status;
  status.name = name();
  status.exists = exists();
  const ServerIndex index(environment_, IndexUse::only_read);
  const auto others = vaults_elsewhere(environment_, index);
  if (!status.exists && !others.empty()) {
    status.elsewhere = Refusal{why_elsewhere(environment_, others.front())};
  }
  LockedBytes probe(kDataKeySize);
  status.is_kept_from_swap = sodium_mlock(probe.data(), probe.size()) == 0;
  if (!status.exists) return status;
  VaultHeader header = vault_->header();
  status.id = to_hex(header.id);
  status.generation = header.generation;
  const auto kept = vault_->unlocker().kept_unlocked(header);
  if (kept) status.unlocked_until = kept->until;
  status.unlocked_elsewhere_until = vault_->unlocker().unlocked_elsewhere_until(header);
  if (const VaultContents* contents = vault_->read(Effort::quiet)) {
    status.usernames = contents->usernames();
  }
  status.slots = std::move(header.slots);
  return status;
}

std::vector<KeySlot> VaultManager::destroy() {
  ServerIndex index(environment_);
  const auto others = vaults_elsewhere(environment_, index);
  const auto forget = [&] {
    if (!others.empty()) return;  // they may be in there
    index.remove(index.servers(kVaultId), kVaultId);
    index.remove(index.stale_servers(kVaultId), kVaultId);
  };
  if (!exists()) {
    if (!others.empty()) {
      throw Error(Errc::vault_elsewhere, why_elsewhere(environment_, others.front()));
    }
    const bool was_known =
        !index.servers(kVaultId).empty() || !index.stale_servers(kVaultId).empty();
    forget();
    if (was_known) return {};  // it went another way, or this command was killed
    throw Error(Errc::vault_missing, "there is no vault at " + name());
  }
  auto header = readable_header(*vault_);
  lock();
  const auto hold = vault_->storage().hold();
  vault_->storage().remove();
  forget();
  return header ? std::move(header->slots) : std::vector<KeySlot>();
}

std::vector<KeySlot> VaultManager::slots() { return vault_->header().slots; }

VaultManager::AddedKey VaultManager::add_slot(const NewSlot& source) {
  const VaultHeader before = vault_->header();
  check_room(before.slots, source.kind);
  static_cast<void>(vault_->read(Effort::called_for));  // before anybody is asked for the new key
  NewKey made = make_key(source, "no key was added");
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
  return {slot, !made.made.empty()};
}

void VaultManager::remove_slot(const std::string& id, bool keep_data_key) {
  VaultHeader before = vault_->header();
  static_cast<void>(find_slot(before.slots, id));
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
  std::vector<KeySlot> remaining = before.slots;
  remaining.erase(find_slot(remaining, id));
  const auto keys = with_new_salts(remaining, before, vault_->unlocker());
  const auto renew = [&](Vault::Change& change) {
    if (same_slots(change.header.slots, remaining)) return;  // by an attempt that is in after all
    if (!same_slots(change.header.slots, before.slots)) {
      throw Error(Errc::io, "another process changed the keys of the vault; try again");
    }
    change.data_key = LockedBytes::random(kDataKeySize);
    change.header.commitment = commitment_to(change.data_key, change.header.id);
    for (std::size_t i = 0; i < remaining.size(); ++i) {
      wrap_data_key(remaining[i], change.header.id, change.data_key, keys[i]);
    }
    change.header.slots = remaining;
  };
  vault_->rewrite(renew, index);
  try {
    lock();  // what kept it unlocked holds the old key
  } catch (const Error& failure) {
    notes_.note("what kept the vault unlocked is left, and unlocks it no more: ", failure.what());
  }
}

VaultManager::NewKey VaultManager::read_or_make_key_file(KeySlot slot, const path& given) {
  if (is_stdin(given)) return {std::move(slot), read_key(STDIN_FILENO, "on stdin")};
  const path file = std::filesystem::absolute(given);
  if (!is_utf8(file.native())) {
    throw Error(Errc::bad_request, "the path of the key file is not UTF-8: " + file.string());
  }
  if (lies_beside(file, vault_->storage())) {
    throw Error(Errc::bad_request,
                "a key beside the vault would be copied with it; choose another folder");
  }
  // Where a service manager hands it over, it is elsewhere each time.
  if (file != key_file_of(environment_)) slot.path = file;
  if (!is_absent(file)) {
    return {std::move(slot), read_key_file(file, environment_, notes_)};
  }
  return {std::move(slot), make_key_file(file), file};
}

// Proven where it leaves this process: what clevis sealed is unsealed again.
VaultManager::NewKey VaultManager::sealed_by_clevis(KeySlot slot, const NewSlot& source) {
  check_clevis_config(source.pin, source.config);
  LockedBytes secret = LockedBytes::random(kDataKeySize);
  slot.pin = source.pin;
  try {
    slot.sealed = clevis_seal(environment_, settings_.clevis, source.pin, source.config, secret);
    const LockedBytes again =
        clevis_unseal(environment_, settings_.clevis, source.pin, slot.sealed);
    if (same_bytes(again.bytes(), secret.bytes())) return {std::move(slot), std::move(secret)};
  } catch (const Error& failure) {
    if (failure.code() != Errc::not_unsealed) throw;
    throw Error(Errc::not_sealed, failure.what());
  }
  throw Error(Errc::not_sealed, "clevis gave back another key than it was given");
}

VaultManager::NewKey VaultManager::make_key(const NewSlot& source, const std::string& outcome) {
  KeySlot slot = new_slot(source.kind);
  switch (source.kind) {
    case SlotKind::passphrase:
      return {std::move(slot), vault_->unlocker().ask_new_passphrase(outcome)};
    case SlotKind::key_file:
      return read_or_make_key_file(std::move(slot), source.key_file);
    case SlotKind::clevis:
      return sealed_by_clevis(std::move(slot), source);
  }
  throw Error(Errc::bad_request, "unknown kind of key");
}

}  // namespace cred
