// SPDX-License-Identifier: MIT
#include "platform/vault/manager.h"

#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "platform/store/server_index.h"
#include "platform/system/error.h"
#include "platform/vault/clevis.h"
#include "platform/vault/clevis_checks.h"
#include "platform/vault/key_file.h"
#include "platform/vault/slot_key.h"
#include "platform/vault/vault.h"

namespace cred {
namespace {

using std::filesystem::path;

constexpr std::size_t kMostPassphrases = 3;  // one answer is tried on each, and each takes long
constexpr std::chrono::hours kLongestOpen(7 * 24);

bool is_stdin(const path& file) { return file == "-"; }

auto find_way(std::vector<VaultWay>& ways, const std::string& id) {
  const auto found =
      std::ranges::find(ways, id, [](const VaultWay& way) { return to_hex(way.id); });
  if (found == ways.end()) {
    throw Error(Errc::bad_request, "the vault has no way to open it with the id " + id);
  }
  return found;
}

std::string described(const VaultWay& way) {
  return std::string(name_of(way.kind)) + ' ' + to_hex(way.id) + " (" + way.label + ')';
}

bool same_ways(const std::vector<VaultWay>& a, const std::vector<VaultWay>& b) {
  return std::ranges::equal(a, b, {}, &VaultWay::wrap, &VaultWay::wrap);
}

}  // namespace

// A key file that was made for a vault that then could not be written opens nothing.
class VaultKeeper::MadeKeyFile {
 public:
  MadeKeyFile() = default;
  MadeKeyFile(const MadeKeyFile&) = delete;
  MadeKeyFile& operator=(const MadeKeyFile&) = delete;
  ~MadeKeyFile() {
    if (!file_.empty()) unlink(file_.c_str());
  }
  void set(std::filesystem::path file) { file_ = std::move(file); }
  void keep() { file_.clear(); }

 private:
  std::filesystem::path file_;
};

VaultKeeper::VaultKeeper(const Environment& environment, const Settings& settings,
                         std::ostream& notes)
    : environment_(environment),
      settings_(settings),
      notes_(notes),
      vault_(std::make_unique<Vault>(environment, settings, notes)) {}

VaultKeeper::~VaultKeeper() = default;

const std::filesystem::path& VaultKeeper::path() const { return vault_->path(); }

bool VaultKeeper::exists() const { return vault_->exists(); }

std::filesystem::path VaultKeeper::usual_key_file() const {
  if (environment_.uid == 0) return "/etc/docker-credential-keyring/key";
  return environment_.config_folder() / "key";
}

VaultWay VaultKeeper::create(const NewWay& source) {
  if (exists())
    throw Error(Errc::bad_request, "there is a vault at " + path().string() + " already");
  vault_->blob().make_folder();
  if (!vault_->blob().folder()) throw Error(Errc::io, path().string() + ": no such folder");
  MadeKeyFile made;
  auto [way, material] = make_way(source, made);
  const LockedBytes data_key = LockedBytes::random(kDataKeySize);
  VaultHeader header;
  header.generation = 1;
  header.id = random_bytes(kVaultIdSize);
  header.commitment = commitment_to(data_key, header.id);
  wrap_data_key(way, header.id, data_key, way_key(way, material.bytes()));
  header.ways.push_back(way);
  {
    const auto alone = vault_->blob().hold();
    if (!vault_->blob().replace(write_vault(header, {}, data_key), std::nullopt)) {
      throw Error(Errc::bad_request, "another process has just made a vault at " + path().string());
    }
  }
  made.keep();
  // A new vault holds nothing that the index does not know.
  ServerIndex index(index_file(environment_));
  index.set_complete("vault:" + to_hex(header.id));
  if (way.kind != WayKind::key_file) vault_->keep_open(header, data_key, kOpenAfterAsking);
  return way;
}

void VaultKeeper::unlock(std::chrono::seconds time,
                         const std::optional<std::filesystem::path>& key_file) {
  if (time <= std::chrono::seconds(0) || time > kLongestOpen) {
    throw Error(Errc::bad_request, "a vault is kept open for up to 7 days");
  }
  if (!key_file) {
    vault_->unlock(time, nullptr);
    return;
  }
  const LockedBytes material = is_stdin(*key_file) ? read_key(STDIN_FILENO, "on stdin")
                                                   : read_key_file(*key_file, environment_, notes_);
  vault_->unlock(time, &material);
}

void VaultKeeper::lock() {
  const auto folder = vault_->blob().folder();
  if (!folder) throw Error(Errc::vault_missing, "there is no vault at " + path().string());
  std::string id;
  try {
    id = vault_->header().id;
  } catch (const Error& failure) {
    if (failure.code() != Errc::vault_unsafe) throw;  // the tickets go all the same
  }
  const auto alone = vault_->blob().hold();
  VaultTickets(folder->get(), id).end_all();
}

VaultStatus VaultKeeper::status() {
  VaultStatus status;
  status.path = path();
  status.exists = exists();
  LockedBytes probe(kDataKeySize);
  status.is_kept_from_swap = sodium_mlock(probe.data(), probe.size()) == 0;
  if (!status.exists) return status;
  VaultHeader header = vault_->header();
  status.id = to_hex(header.id);
  status.generation = header.generation;
  if (const auto open = vault_->kept_open(header)) status.open_until = open->until;
  if (const VaultContents* contents = vault_->read(Effort::quiet)) {
    status.is_open = true;
    status.servers = contents->size();
  }
  status.ways = std::move(header.ways);
  return status;
}

std::vector<VaultWay> VaultKeeper::destroy() {
  ServerIndex index(index_file(environment_));
  const auto forget = [&] {
    index.remove(index.servers("vault"), "vault");
    index.remove(index.stale_servers("vault"), "vault");
  };
  if (!exists()) {
    forget();
    throw Error(Errc::vault_missing, "there is no vault at " + path().string());
  }
  std::vector<VaultWay> ways;
  try {
    ways = vault_->header().ways;
  } catch (const Error& failure) {
    if (failure.code() != Errc::vault_unsafe) throw;
  }
  lock();
  const auto alone = vault_->blob().hold();
  vault_->blob().remove();
  forget();
  return ways;
}

std::vector<VaultWay> VaultKeeper::ways() { return vault_->header().ways; }

VaultWay VaultKeeper::add_way(const NewWay& source) {
  const VaultHeader before = vault_->header();
  const auto passphrases = std::ranges::count(before.ways, WayKind::passphrase, &VaultWay::kind);
  if (source.kind == WayKind::passphrase &&
      static_cast<std::size_t>(passphrases) >= kMostPassphrases) {
    throw Error(Errc::bad_request, "the vault has three passphrases, and takes no more");
  }
  if (before.ways.size() >= kMostWays) {
    throw Error(Errc::bad_request, "the vault has 32 ways to open it, and takes no more");
  }
  static_cast<void>(vault_->read(Effort::full));  // so that nobody is asked for a key in vain
  MadeKeyFile made;
  auto prepared = make_way(source, made);
  VaultWay& way = prepared.first;
  const LockedBytes key = way_key(way, prepared.second.bytes());
  vault_->rewrite([&](Vault::State& state, VaultEntries& /*entries*/) {
    wrap_data_key(way, state.header.id, state.data_key, key);
    state.header.ways.push_back(way);
  });
  made.keep();
  return way;
}

void VaultKeeper::remove_way(const std::string& id, bool keep_data_key) {
  VaultHeader before = vault_->header();
  static_cast<void>(find_way(before.ways, id));
  if (before.ways.size() == 1) {
    throw Error(Errc::bad_request, "this is the only way to open the vault; add another one first");
  }
  if (keep_data_key) {
    vault_->rewrite([&](Vault::State& state, VaultEntries& /*entries*/) {
      state.header.ways.erase(find_way(state.header.ways, id));
    });
    return;
  }
  // Everything that asks comes first. Each way that stays has to be opened, for its key wraps the
  // new data key; this also proves that it is known.
  std::vector<VaultWay> remaining = before.ways;
  remaining.erase(find_way(remaining, id));
  std::vector<LockedBytes> keys;
  for (auto& way : remaining) {
    try {
      const LockedBytes material = vault_->material_of(
          way, before, "passphrase of the way " + described(way) + " that stays");
      way.salt = random_bytes(kSaltSize);
      keys.push_back(way_key(way, material.bytes()));
    } catch (const Error& failure) {
      throw Error(failure.code(),
                  "nothing was changed, for the way " + described(way) +
                      " that stays has to be opened for a new key: " + failure.what());
    }
  }
  vault_->rewrite([&](Vault::State& state, VaultEntries& /*entries*/) {
    if (!same_ways(state.header.ways, before.ways)) {
      throw Error(Errc::io, "another process changed the ways to open the vault; try again");
    }
    state.data_key = LockedBytes::random(kDataKeySize);
    state.header.commitment = commitment_to(state.data_key, state.header.id);
    for (std::size_t i = 0; i < remaining.size(); ++i) {
      wrap_data_key(remaining[i], state.header.id, state.data_key, keys[i]);
    }
    state.header.ways = remaining;
  });
  lock();  // what kept it open holds the old key
}

LockedBytes VaultKeeper::read_or_make_key(const std::filesystem::path& file, MadeKeyFile& made) {
  if (is_stdin(file)) return read_key(STDIN_FILENO, "on stdin");
  std::error_code failed;
  if (std::filesystem::exists(std::filesystem::symlink_status(file, failed))) {
    return read_key_file(file, environment_, notes_);
  }
  LockedBytes material = make_key_file(file);
  made.set(file);
  return material;
}

// A way, save for its wrap, and the material that its key is made of. Proven where it leaves this
// process: what clevis sealed is unsealed again.
std::pair<VaultWay, LockedBytes> VaultKeeper::make_way(const NewWay& source, MadeKeyFile& made) {
  VaultWay way = new_way(source.kind);
  switch (source.kind) {
    case WayKind::passphrase:
      return {std::move(way), vault_->ask_new_passphrase()};
    case WayKind::key_file: {
      const auto file =
          is_stdin(source.key_file) ? source.key_file : std::filesystem::absolute(source.key_file);
      if (file.parent_path().lexically_normal() == path().parent_path().lexically_normal()) {
        throw Error(Errc::bad_request,
                    "a key beside the vault would be copied with it; choose another folder");
      }
      LockedBytes material = read_or_make_key(file, made);
      // Where a service manager hands it over, it lies elsewhere each time.
      if (!is_stdin(file) && file != key_file_of(environment_)) way.path = file;
      return {std::move(way), std::move(material)};
    }
    case WayKind::clevis: {
      check_clevis_config(source.pin, source.config);
      LockedBytes secret = LockedBytes::random(kDataKeySize);
      way.pin = source.pin;
      way.sealed = clevis_seal(environment_, settings_.clevis, source.pin, source.config, secret);
      const LockedBytes again =
          clevis_unseal(environment_, settings_.clevis, source.pin, way.sealed);
      if (again.size() != secret.size() ||
          sodium_memcmp(again.data(), secret.data(), secret.size()) != 0) {
        throw Error(Errc::not_unsealed, "clevis gave back another key than it was given");
      }
      return {std::move(way), std::move(secret)};
    }
  }
  throw Error(Errc::bad_request, "unknown kind of key");
}

}  // namespace cred
