// SPDX-License-Identifier: MIT
// Which of two places a credential is read from, written to and erased in. open_store.h states the
// rules; the index (server_index.h) is what they go by.
#include "platform/store_choice.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <set>

#include "platform/system/error.h"

namespace cred {
namespace {

std::vector<std::string> servers_of(std::span<const Credential> credentials) {
  std::vector<std::string> servers;
  servers.reserve(credentials.size());
  for (const auto& credential : credentials) servers.push_back(credential.server);
  return servers;
}

class StoreChoice final : public Store {
 public:
  StoreChoice(WhichStore setting, std::unique_ptr<Backend> keyring, std::unique_ptr<Backend> vault,
              std::shared_ptr<ServerIndex> index, std::ostream& notes)
      : setting_(setting),
        keyring_(std::move(keyring)),
        vault_(std::move(vault)),
        index_(std::move(index)),
        notes_(notes) {}

  using Store::put;
  void put(std::span<const Credential> credentials, const Progress& progress) override;
  std::optional<Credential> get(std::string_view server) override;
  void erase(std::span<const std::string> servers) override;
  std::map<std::string, std::string> list() override;
  std::vector<std::string> known_servers() override;
  [[nodiscard]] std::string_view name() const override;
  [[nodiscard]] std::string_view name_for(std::string_view server) override;
  [[nodiscard]] std::string obstacle() override;

 private:
  [[nodiscard]] std::vector<Backend*> in_order(std::string_view server) const;
  [[nodiscard]] Backend& other_than(const Backend& backend) {
    return &backend == keyring_.get() ? *vault_ : *keyring_;
  }
  [[nodiscard]] Backend* preferred() const;
  [[nodiscard]] bool answers(Backend& backend);
  [[nodiscard]] Backend& backend_for_new();
  [[nodiscard]] Backend& backend_for(const std::string& server, std::string& why_moved);
  void put_into(Backend& backend, std::span<const Credential> credentials,
                const Progress& progress);
  void remove_older(Backend& backend, const std::vector<std::string>& servers);
  void clear_stale(Backend& backend);
  [[nodiscard]] bool is_named(std::span<const std::string> servers, const Backend& backend) const;

  WhichStore setting_;
  std::unique_ptr<Backend> keyring_;
  std::unique_ptr<Backend> vault_;
  std::shared_ptr<ServerIndex> index_;
  std::ostream& notes_;
  Backend* for_new_ = nullptr;  // decided once
  std::string why_not_keyring_;
  std::set<const Backend*> cleared_;  // of stale copies
};

// Which store failed tells people where the credential is.
[[noreturn]] void throw_of(const Backend& backend, const Error& failure) {
  throw Error(failure.code(),
              "the " + std::string(backend.name()) + " has this login: " + failure.what());
}

void StoreChoice::put(std::span<const Credential> credentials, const Progress& progress) {
  // Most often all go to one place; else each place gets its part in one go.
  std::map<Backend*, std::vector<Credential>> parts;
  for (const auto& credential : credentials) {
    std::string why_moved;
    parts[&backend_for(credential.server, why_moved)].push_back(copy(credential));
    if (!why_moved.empty()) notes_ << "docker-credential-keyring: " << why_moved << '\n';
  }
  std::size_t done_before = 0;
  for (const auto& [backend, part] : parts) {
    put_into(*backend, part, [&](std::size_t done) {
      if (progress) progress(done_before + done);
    });
    done_before += part.size();
  }
}

std::optional<Credential> StoreChoice::get(std::string_view server) {
  for (Backend* backend : in_order(server)) {
    if (preferred() == nullptr) {
      if (index_->is_stale(server, backend->name())) continue;
      if (!index_->names(server, backend->name()) && !answers(*backend)) continue;
    }
    try {
      if (auto found = backend->get(server)) {
        clear_stale(*backend);
        return found;
      }
    } catch (const Error& failure) {
      if (preferred() != nullptr || !vault_->is_there()) throw;
      throw_of(*backend, failure);
    }
  }
  return std::nullopt;
}

void StoreChoice::erase(std::span<const std::string> servers) {
  std::optional<Error> failed;
  for (Backend* backend : {keyring_.get(), vault_.get()}) {
    const bool named = is_named(servers, *backend);
    if (!named && (preferred() == &other_than(*backend) || !answers(*backend))) continue;
    try {
      backend->erase(servers);
      index_->remove(servers, backend->name());
    } catch (const Error& failure) {
      if (named || !vault_->is_there()) failed = failure;
    }
  }
  if (failed) throw Error(*failed);
}

std::map<std::string, std::string> StoreChoice::list() {
  std::map<std::string, std::string> listed;
  for (Backend* backend : {keyring_.get(), vault_.get()}) {
    if (preferred() == &other_than(*backend)) continue;
    if (!answers(*backend)) {
      for (const auto& server : index_->servers(backend->name())) listed.try_emplace(server);
      continue;
    }
    for (const auto& [server, username] : backend->list()) {
      if (index_->is_stale(server, backend->name())) continue;
      const auto [entry, added] = listed.try_emplace(server, username);
      if (!added && index_->holder(server) == backend->name()) entry->second = username;
    }
    clear_stale(*backend);
  }
  return listed;
}

std::vector<std::string> StoreChoice::known_servers() {
  std::vector<std::string> known;
  for (Backend* backend : {keyring_.get(), vault_.get()}) {
    if (preferred() == &other_than(*backend)) continue;
    auto servers = answers(*backend) ? backend->known_servers() : index_->servers(backend->name());
    std::erase_if(servers,
                  [&](const auto& server) { return index_->is_stale(server, backend->name()); });
    known.insert(known.end(), servers.begin(), servers.end());
  }
  std::ranges::sort(known);
  known.erase(std::unique(known.begin(), known.end()), known.end());
  return known;
}

std::string_view StoreChoice::name() const {
  const Backend* backend = preferred() != nullptr ? preferred() : for_new_;
  return backend != nullptr ? backend->name() : "keyring";
}

std::string_view StoreChoice::name_for(std::string_view server) {
  std::string why_moved;
  return backend_for(std::string(server), why_moved).name();
}

std::string StoreChoice::obstacle() {
  std::string why_not;
  Backend& backend = backend_for_new();
  return backend.may_take(why_not) ? "" : why_not;
}

// The places to ask for `server`, that which counts first.
std::vector<Backend*> StoreChoice::in_order(std::string_view server) const {
  if (Backend* only = preferred()) return {only};
  if (index_->holder(server) == vault_->name()) return {vault_.get(), keyring_.get()};
  return {keyring_.get(), vault_.get()};
}

// nullptr if both count.
Backend* StoreChoice::preferred() const {
  switch (setting_) {
    case WhichStore::keyring:
      return keyring_.get();
    case WhichStore::vault:
      return vault_.get();
    case WhichStore::automatic:
      break;
  }
  return nullptr;
}

// Whether `place` is asked for what the index does not name there. Without a vault the keyring is
// all there is, and says itself what is wrong with it.
bool StoreChoice::answers(Backend& backend) {
  return (&backend == keyring_.get() && !vault_->is_there()) || backend.is_there();
}

Backend& StoreChoice::backend_for_new() {
  if (Backend* only = preferred()) return *only;
  if (for_new_ == nullptr) {
    const bool in_keyring = keyring_->may_take(why_not_keyring_);
    for_new_ = in_keyring || !vault_->is_there() ? keyring_.get() : vault_.get();
  }
  return *for_new_;
}

// Where a credential is, it stays, unless that place takes none now.
Backend& StoreChoice::backend_for(const std::string& server, std::string& why_moved) {
  const std::string holder = index_->holder(server);
  Backend& fresh = backend_for_new();
  if (holder.empty() || holder == fresh.name()) return fresh;
  Backend& held = other_than(fresh);
  std::string why_not = "the setting \"store\" says so";
  if (preferred() == nullptr) {
    if (held.may_take(why_not)) return held;
  }
  why_moved = server + " goes to the " + std::string(fresh.name()) + " and not to the " +
              std::string(held.name()) + ", which had it: " + why_not;
  return fresh;
}

void StoreChoice::put_into(Backend& backend, std::span<const Credential> credentials,
                           const Progress& progress) {
  const auto servers = servers_of(credentials);
  try {
    backend.put(credentials, progress);
  } catch (const Error& failure) {
    // Nothing that people could open: the cure is a vault.
    const bool hopeless = &backend == keyring_.get() && setting_ == WhichStore::automatic &&
                          !vault_->is_there() && !keyring_->may_take(why_not_keyring_);
    if (!hopeless || failure.code() == Errc::no_module) throw;
    throw Error(Errc::no_store, failure.what());
  }
  index_->add_stored(servers, backend.name());
  remove_older(other_than(backend), servers);
  for (Backend* each : {&backend, &other_than(backend)}) clear_stale(*each);
}

// After another place took them: what `place` still has of `servers` must never answer again.
void StoreChoice::remove_older(Backend& backend, const std::vector<std::string>& servers) {
  const bool named = is_named(servers, backend);
  if (!named && (preferred() != nullptr || !backend.is_there())) return;
  const bool open = backend.is_unlocked();
  if (open) {
    try {
      backend.erase(servers);
      index_->remove(servers, backend.name());
      return;
    } catch (const Error&) {
      // It stays for now, as where it is locked.
    }
  }
  std::vector<std::string> older;
  std::ranges::copy_if(servers, std::back_inserter(older), [&](const std::string& server) {
    return open || index_->names(server, backend.name());
  });
  index_->mark_stale(older, backend.name());
}

// The next chance to erase what has been replaced. Once nothing is left of a place, it is not
// looked for again.
void StoreChoice::clear_stale(Backend& backend) {
  if (cleared_.contains(&backend)) return;
  const auto stale = index_->stale_servers(backend.name());
  if (!stale.empty()) {
    if (!backend.is_unlocked()) return;
    try {
      backend.erase(stale);
      index_->remove(stale, backend.name());
    } catch (const Error&) {
      return;  // there will be another one
    }
  }
  cleared_.insert(&backend);
}

bool StoreChoice::is_named(std::span<const std::string> servers, const Backend& backend) const {
  return std::ranges::any_of(servers, [&](const std::string& server) {
    return index_->names(server, backend.name()) || index_->is_stale(server, backend.name());
  });
}

}  // namespace

std::unique_ptr<Store> choose_store(WhichStore setting, std::unique_ptr<Backend> keyring,
                                    std::unique_ptr<Backend> vault,
                                    std::shared_ptr<ServerIndex> index, std::ostream& notes) {
  return std::make_unique<StoreChoice>(setting, std::move(keyring), std::move(vault),
                                       std::move(index), notes);
}

}  // namespace cred
