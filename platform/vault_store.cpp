// SPDX-License-Identifier: MIT
// What makes the vault a Store: when it has to be opened, and what is known while it is locked.
#include "platform/vault_store.h"

#include <algorithm>
#include <ctime>
#include <ostream>
#include <utility>

#include "platform/error.h"
#include "platform/server_index.h"
#include "platform/vault.h"

namespace cred {
namespace {

constexpr std::string_view kName = "vault";

class VaultStore final : public Place {
 public:
  VaultStore(const Environment& environment, const Settings& settings,
             std::shared_ptr<ServerIndex> index, std::ostream& notes)
      : notes_(notes), vault_(environment, settings, notes), index_(std::move(index)) {}

  using Store::put;
  void put(std::span<const Credential> credentials, const Progress& progress) override;
  std::optional<Credential> get(std::string_view server) override;
  void erase(std::span<const std::string> servers) override;
  std::map<std::string, std::string> list() override;
  std::vector<std::string> known_servers() override;
  [[nodiscard]] std::string_view name() const override { return kName; }

  bool is_there() override { return vault_.exists(); }
  bool may_take(std::string& why_not) override;
  bool is_open() override;

 private:
  [[nodiscard]] const VaultEntries* read_quietly();
  [[nodiscard]] const VaultEntries* read_for(std::span<const std::string> servers);
  [[nodiscard]] bool may_have(std::span<const std::string> servers);
  void learn(const VaultEntries& entries);
  [[nodiscard]] std::string whole_name() { return std::string(kName) + ':' + to_hex(vault_.id()); }

  std::ostream& notes_;
  Vault vault_;
  std::shared_ptr<ServerIndex> index_;
  bool explained_ = false;
};

void VaultStore::put(std::span<const Credential> credentials, const Progress& progress) {
  static_cast<void>(vault_.read(Effort::full));
  // Before the vault: if we are killed in between, the index errs towards "maybe".
  std::vector<std::string> servers;
  servers.reserve(credentials.size());
  for (const auto& credential : credentials) servers.push_back(credential.server);
  index_->add_stored(servers, kName);
  const auto now = static_cast<std::uint64_t>(std::time(nullptr));
  vault_.rewrite([&](Vault::State& /*state*/, VaultEntries& entries) {
    for (const auto& credential : credentials) {
      entries.insert_or_assign(credential.server,
                               VaultEntry{credential.username, credential.secret.copy(), now});
    }
  });
  for (std::size_t done = 1; progress && done <= credentials.size(); ++done) progress(done);
}

std::optional<Credential> VaultStore::get(std::string_view server) {
  const std::vector<std::string> servers{std::string(server)};
  const VaultEntries* entries = read_for(servers);
  if (entries == nullptr) return std::nullopt;
  const auto found = entries->find(server);
  if (found == entries->end()) return std::nullopt;
  index_->add_seen(servers, kName);
  return Credential{found->first, found->second.username, found->second.secret.copy()};
}

void VaultStore::erase(std::span<const std::string> servers) {
  const VaultEntries* entries = read_for(servers);
  const auto is_in = [](const VaultEntries& in) {
    return [&](const std::string& server) { return in.contains(server); };
  };
  if (entries != nullptr && std::ranges::any_of(servers, is_in(*entries))) {
    vault_.rewrite([&](Vault::State& /*state*/, VaultEntries& held) {
      for (const auto& server : servers) held.erase(server);
    });
  }
  index_->remove(servers, kName);
}

std::map<std::string, std::string> VaultStore::list() {
  std::map<std::string, std::string> listed;
  if (const VaultEntries* entries = read_quietly()) {
    for (const auto& [server, entry] : *entries) {
      listed.emplace_hint(listed.end(), server, entry.username);
    }
  } else {
    for (const auto& server : index_->servers(kName)) listed.try_emplace(server);
  }
  return listed;
}

std::vector<std::string> VaultStore::known_servers() {
  const VaultEntries* entries = read_quietly();
  if (entries == nullptr) return index_->servers(kName);
  std::vector<std::string> servers;
  servers.reserve(entries->size());
  for (const auto& [server, entry] : *entries) servers.push_back(server);
  return servers;
}

bool VaultStore::may_take(std::string& why_not) {
  try {
    if (!vault_.exists()) {
      why_not = "there is no vault at " + vault_.path().string();
      return false;
    }
    if (vault_.may_open()) return true;
    why_not = "the vault " + vault_.path().string() + " is locked, and nobody can be asked";
  } catch (const Error& failure) {
    why_not = failure.what();
  }
  return false;
}

bool VaultStore::is_open() { return read_quietly() != nullptr; }

// nullptr if it is not open, or cannot be used: who only looks is told why, once, and goes on.
const VaultEntries* VaultStore::read_quietly() {
  try {
    const VaultEntries* entries = vault_.read(Effort::quiet);
    if (entries != nullptr) learn(*entries);
    return entries;
  } catch (const Error& failure) {
    if (!explained_) {
      notes_ << "docker-credential-keyring: " << failure.what()
             << "; going on as if it held nothing that is not known to be stored\n";
    }
    explained_ = true;
    return nullptr;
  }
}

// The vault, opened with all effort if it may have one of `servers`; else nullptr: docker asks for
// servers that nobody ever stored, for every public pull, and nobody is to be asked for those.
const VaultEntries* VaultStore::read_for(std::span<const std::string> servers) {
  if (const VaultEntries* entries = read_quietly()) return entries;
  if (!may_have(servers)) return nullptr;
  if (!vault_.exists()) {
    throw Error(Errc::vault_unsafe, "the vault " + vault_.path().string() + " is gone");
  }
  const VaultEntries* entries = vault_.read(Effort::full);
  learn(*entries);
  return entries;
}

bool VaultStore::may_have(std::span<const std::string> servers) {
  const auto named = [&](const std::string& server) {
    return index_->names(server, kName) || index_->is_stale(server, kName);
  };
  if (std::ranges::any_of(servers, named)) return true;
  if (!vault_.exists()) return false;
  try {
    // A vault that was copied here is not in the index.
    return !index_->is_complete(whole_name());
  } catch (const Error&) {
    return false;  // it was explained when it could not be read
  }
}

// What an open vault shows, the index knows from then on.
void VaultStore::learn(const VaultEntries& entries) {
  const std::string whole = whole_name();
  if (index_->is_complete(whole)) return;
  std::vector<std::string> servers;
  servers.reserve(entries.size());
  for (const auto& [server, entry] : entries) servers.push_back(server);
  index_->add_seen(servers, kName);
  index_->set_complete(whole);
}

}  // namespace

std::unique_ptr<Place> open_vault_store(const Environment& environment, const Settings& settings,
                                        std::shared_ptr<ServerIndex> index, std::ostream& notes) {
  return std::make_unique<VaultStore>(environment, settings, std::move(index), notes);
}

}  // namespace cred
