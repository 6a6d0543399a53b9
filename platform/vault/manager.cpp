// SPDX-License-Identifier: MIT
#include "platform/vault/manager.h"

#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <span>
#include <utility>

#include "platform/store/server_index.h"
#include "platform/system/error.h"
#include "platform/vault/format/slot_key.h"
#include "platform/vault/new_key.h"
#include "platform/vault/storage/local_storage.h"
#include "platform/vault/storage/storage.h"
#include "platform/vault/unlock/key_file.h"
#include "platform/vault/vault.h"

namespace cred {
namespace {

using std::filesystem::path;

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

VaultManager::VaultManager(const Environment& environment, const Settings& settings,
                           const Notes& notes)
    : VaultManager(open_storage(environment, settings, notes), environment, settings, notes) {}

VaultManager::VaultManager(std::unique_ptr<Storage> storage, const Environment& environment,
                           const Settings& settings, const Notes& notes)
    : environment_(environment),
      settings_(settings),
      notes_(notes),
      vault_(std::make_unique<Vault>(environment, settings, std::move(storage), notes)) {}

VaultManager::~VaultManager() = default;

KeySource VaultManager::key_source() { return {environment_, settings_, notes_, *vault_}; }

std::string VaultManager::name() const { return vault_->name(); }

bool VaultManager::exists() const { return vault_->exists(); }

bool VaultManager::can_be_unlocked(const std::optional<std::filesystem::path>& key_file) {
  if (vault_->may_unlock()) return true;
  if (!key_file) return false;
  std::error_code unseen;
  if (!is_stdin(*key_file) && !std::filesystem::exists(*key_file, unseen)) return false;
  return Unlocker::by_material(vault_->header(), named_key(*key_file).bytes()).has_value();
}

LockedBytes VaultManager::named_key(const std::filesystem::path& key_file) {
  if (!is_stdin(key_file)) return read_key_file(key_file, environment_, notes_);
  if (!stdin_key_) stdin_key_ = read_key(STDIN_FILENO, "the key on stdin");
  return LockedBytes(stdin_key_->bytes());
}

std::filesystem::path VaultManager::usual_key_file() const {
  if (environment_.uid == 0) return "/etc/docker-credential-keyring/key";
  return environment_.config_folder() / "key";
}

VaultManager::AddedKey VaultManager::create(const NewSlot& source) {
  if (vault_->storage().is_shared()) {
    throw Error(Errc::bad_request,
                "the vault of this machine is shared, and is made by docker-credential-keyring "
                "vault sync; vault leave ends that");
  }
  const auto check_absent = [&] {
    if (exists()) throw Error(Errc::bad_request, "there is a vault at " + name() + " already");
  };
  check_absent();
  vault_->storage().prepare();
  // Nobody else waits while a person or clevis does its part; a key file is made, or read, only by
  // the one who makes the vault.
  std::optional<NewKey> key;
  if (!leaves_key_file(source)) key = make_key(source, "no vault was made", key_source());
  if (key && is_stdin(source.key_file)) stdin_key_.emplace(key->material.bytes());
  auto hold = vault_->storage().hold();
  check_absent();
  if (!key) key = make_key(source, "no vault was made", key_source());
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
  return {slot, made};
}

bool VaultManager::unlock(std::chrono::seconds time,
                          const std::optional<std::filesystem::path>& key_file) {
  if (!key_file) return vault_->unlock(time, nullptr);
  const LockedBytes material = named_key(*key_file);
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
  status.shared = shared_status(environment_, settings_);
  status.exists = status.shared
                      ? open_local_storage(environment_, FolderUse::leave_as_it_is)->exists()
                      : exists();
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
  if (vault_->storage().is_shared()) vault_->storage().remove();  // says how
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

}  // namespace cred
