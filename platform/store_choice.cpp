// SPDX-License-Identifier: MIT
// Which of several backends a credential is read from, written to and erased in. open_store.h
// states the rules; the index (server_index.h) is what they go by.
#include "platform/store_choice.h"

#include <algorithm>
#include <set>

#include "platform/stale_copies.h"
#include "platform/system/error.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

class StoreChoice final : public Store {
 public:
  StoreChoice(std::optional<StoreId> setting, Backends backends, std::shared_ptr<ServerIndex> index,
              const Notes& notes)
      : setting_(setting),
        backends_(std::move(backends)),
        index_(std::move(index)),
        stale_(index_),
        notes_(notes) {}

  using Store::put;

  void put(std::span<const Credential> credentials, const Progress& progress) override {
    // Most often all go to one backend; else each gets its part in one go.
    std::map<Backend*, std::vector<Credential>> parts;
    for (const auto& credential : credentials) {
      const Target target = target_for(credential.server);
      parts[target.backend].push_back(copy(credential));
      if (!target.why_moved.empty()) notes_.note(target.why_moved);
    }
    std::size_t done_before = 0;
    for (const auto& [backend, part] : parts) {
      put_into(*backend, part, [&](std::size_t done, const std::string& server) {
        if (progress) progress(done_before + done, server);
      });
      done_before += part.size();
    }
  }

  void unlock_for(std::span<const std::string> servers) override {
    std::map<Backend*, std::vector<std::string>> parts;
    for (const auto& server : servers) parts[target_for(server).backend].push_back(server);
    for (const auto& [backend, part] : parts) backend->unlock_for(part);
  }

  std::optional<Credential> get(std::string_view server) override {
    const bool is_decided = setting_ || count_named(server) == 1;
    for (Backend* backend : in_order(server)) {
      if (index_->is_stale(server, backend->id())) continue;
      if (!setting_ && !index_->names(server, backend->id()) && !answers(*backend)) continue;
      auto found = get_from(*backend, server);
      if (!found) continue;
      stale_.clear(*backend);
      return is_decided ? std::move(found) : newest_of(std::move(*found), *backend);
    }
    return std::nullopt;
  }

  void erase(std::span<const std::string> servers) override {
    std::optional<Error> failed;
    // Where it is known to be, a store that is not known to have it as well is no failure.
    const bool is_known = std::ranges::any_of(
        backends_, [&](const auto& backend) { return is_named(servers, *backend); });
    for (const auto& backend : backends_) {
      if (!backend->roles().erases) continue;
      const bool named = is_named(servers, *backend);
      if (!named && (!counts(*backend) || !answers(*backend))) continue;
      try {
        backend->erase(servers);
        index_->remove(servers, backend->id());
      } catch (const Error& failure) {
        const bool is_only = setting_ || !has_alternatives(backends_);
        const bool still_has = failure.code() == Errc::home_refused;  // which no other one can undo
        if (!still_has && !named && is_known) continue;
        failed = is_only || still_has ? failure : error_of(*backend, failure, named);
      }
    }
    if (failed) throw Error(*failed);
  }

  void remove_replaced(const Credential& newest, std::span<const std::string> older) override {
    // Or two processes may each remove what the other has just stored.
    const auto alone = index_->hold_for_replacing();
    if (!alone || !is_proven(newest)) return;
    const auto nobody_puts = index_->hold_for_clearing();
    for (const auto& backend : backends_) {
      if (!backend->roles().is_replaced) continue;
      if (nobody_puts) {
        remove_older(*backend, older);
      } else {
        stale_.mark(*backend, older);
      }
    }
  }

  std::map<std::string, std::string> list() override {
    std::map<std::string, std::string> listed;
    for (Backend* backend : that_list()) add_listed(*backend, listed);
    return listed;
  }

  std::vector<ListedCredential> list_details() override {
    std::map<std::string, ListedCredential> listed;
    for (Backend* backend : that_list()) {
      const bool is_tried = setting_ || answers(*backend) || backend->exists();
      for (auto& credential :
           is_tried ? backend->list_details() : named_in(*index_, backend->id(), Reach::absent)) {
        if (index_->is_stale(credential.server, backend->id())) continue;
        const auto [entry, added] = listed.try_emplace(credential.server, credential);
        if (!added && index_->holder(credential.server) == backend->id())
          entry->second = std::move(credential);
      }
    }
    std::vector<ListedCredential> in_order;
    std::ranges::transform(listed, std::back_inserter(in_order),
                           [](auto& entry) { return std::move(entry.second); });
    return in_order;
  }

  std::map<std::string, std::string> list_gettable() override {
    std::vector<Backend*> shut = that_list();
    std::erase_if(shut, [](Backend* backend) { return !backend->obstacle(); });
    if (shut.empty() || shut.size() == that_list().size()) return list();
    std::map<std::string, std::string> listed;
    for (Backend* backend : that_list()) {
      if (!contains(shut, backend)) add_listed(*backend, listed);
    }
    for (Backend* backend : shut) leave_out(*backend, listed);
    return listed;
  }

  std::vector<std::string> known_servers() override {
    std::set<std::string> known;
    for (const auto& backend : backends_) {
      if (!counts(*backend)) continue;
      auto servers = answers(*backend) ? backend->known_servers() : index_->servers(backend->id());
      std::erase_if(servers,
                    [&](const auto& server) { return index_->is_stale(server, backend->id()); });
      known.insert(servers.begin(), servers.end());
    }
    return {known.begin(), known.end()};
  }

  std::vector<StoreId> half_known() override {
    std::vector<StoreId> those;
    for (const auto& backend : backends_) {
      if (counts(*backend) && !backend->half_known().empty()) those.push_back(backend->id());
    }
    return those;
  }

  [[nodiscard]] std::string_view name() const override {
    if (const Backend* only = find(setting_)) return only->name();
    return (for_new_ != nullptr ? *for_new_ : *backends_.front()).name();
  }

  [[nodiscard]] StoreId id_for(std::string_view server) override {
    return target_for(std::string(server)).backend->id();
  }

  [[nodiscard]] bool exists() override {
    const auto is_one = [&](const auto& backend) { return counts(*backend) && backend->exists(); };
    return std::ranges::any_of(backends_, is_one) || !known_servers().empty();
  }

  [[nodiscard]] std::optional<Refusal> obstacle() override { return for_new().obstacle(); }

 private:
  // Where a credential goes, and what people are told where that is not where it was.
  struct Target {
    Backend* backend;
    std::string why_moved;
  };

  [[nodiscard]] bool counts(const Backend& backend) const {
    return !setting_ || *setting_ == backend.id();
  }

  [[nodiscard]] bool is_first(const Backend& backend) const {
    return &backend == backends_.front().get();
  }

  [[nodiscard]] std::vector<Backend*> that_list() const {
    std::vector<Backend*> those;
    for (const auto& backend : backends_) {
      if (backend->roles().lists && counts(*backend)) those.push_back(backend.get());
    }
    return those;
  }

  void add_listed(Backend& backend, std::map<std::string, std::string>& listed) {
    if (!answers(backend)) {
      for (const auto& server : index_->servers(backend.id())) listed.try_emplace(server);
      return;
    }
    for (const auto& [server, username] : backend.list()) {
      if (index_->is_stale(server, backend.id())) continue;
      const auto [entry, added] = listed.try_emplace(server, username);
      if (!added && index_->holder(server) == backend.id()) entry->second = username;
    }
    stale_.clear(backend);
  }

  // `listed` is what the others have. What get() would seek in `backend` all the same goes too.
  void leave_out(Backend& backend, std::map<std::string, std::string>& listed) {
    std::map<std::string, std::string> its;
    add_listed(backend, its);
    std::erase_if(its, [&](const auto& entry) {
      return listed.contains(entry.first) && index_->holder(entry.first) != backend.id();
    });
    if (its.empty()) return;
    for (const auto& entry : its) listed.erase(entry.first);
    notes_.note("`list` leaves out ", its.size(), its.size() == 1 ? " login" : " logins",
                " of the ", backend.name(), ": ", backend.obstacle().value_or(Refusal{}).reason);
    if (!backend.is_there()) return;
    const std::string_view command = backend.id().unlock_command();
    notes_.hint(command.empty() ? "unlock it in the desktop session" : command);
  }

  // Those to ask for `server`; first the one that counts.
  [[nodiscard]] std::vector<Backend*> in_order(std::string_view server) const {
    if (Backend* only = find(setting_)) return {only};
    return asking_order(backends_, index_->holder(server));
  }

  // A failure says of which store it is.
  [[nodiscard]] std::optional<Credential> get_from(Backend& backend, std::string_view server) {
    try {
      return backend.get(server);
    } catch (const Error& failure) {
      if (setting_ || !has_alternatives(backends_)) throw;
      throw error_of(backend, failure, index_->names(server, backend.id()));
    }
  }

  [[nodiscard]] std::ptrdiff_t count_named(std::string_view server) const {
    return std::ranges::count_if(
        backends_, [&](const auto& backend) { return index_->names(server, backend->id()); });
  }

  // Where the index does not say which store counts, as after it was lost, the newest credential
  // does, by its own date. `found` is that of `holder`.
  [[nodiscard]] Credential newest_of(Credential found, Backend& holder) {
    Backend& newest = newest_backend(backends_, holder, found.server, [&](const Backend& other) {
      return other.roles().is_replaced && !index_->is_stale(found.server, other.id());
    });
    if (&newest == &holder) return found;
    auto newer = get_from(newest, found.server);
    if (!newer) return found;  // erased since
    index_->add_stored({{found.server}}, newest.id());
    return std::move(*newer);
  }

  // nullptr if there is none of that id.
  [[nodiscard]] Backend* find(std::optional<StoreId> id) const {
    const auto found =
        std::ranges::find_if(backends_, [&](const auto& backend) { return backend->id() == id; });
    return found == backends_.end() ? nullptr : found->get();
  }

  // Whether `backend` is asked for what the index does not name there. Without another one the
  // first is all there is, and says itself what is wrong with it.
  [[nodiscard]] bool answers(Backend& backend) {
    return (is_first(backend) && !has_alternatives(backends_)) || backend.is_there();
  }

  [[nodiscard]] Backend& for_new() {
    if (for_new_ == nullptr) for_new_ = &backend_for_new(setting_, backends_);
    return *for_new_;
  }

  // Where a credential is, it stays, unless that backend takes none now.
  [[nodiscard]] Target target_for(const std::string& server) {
    for (const auto& backend : backends_) {
      if (backend->claims(server)) return {backend.get(), ""};
    }
    Backend& fresh = for_new();
    Backend* held = find(index_->holder(server));
    if (held == nullptr || held == &fresh || !held->roles().is_replaced) return {&fresh, ""};
    std::string why_not = "the setting \"store\" says so";
    if (!setting_) {
      const auto obstacle = held->obstacle();
      if (!obstacle) return {held, ""};
      why_not = obstacle->reason;
    }
    return {&fresh, server + " goes to the " + std::string(fresh.name()) + " and not to the " +
                        std::string(held->name()) + ", which had it: " + why_not};
  }

  void put_into(Backend& backend, std::span<const Credential> credentials,
                const Progress& progress) {
    const auto servers = servers_of(credentials);
    auto held = index_->hold_for_put();
    try {
      backend.put(credentials, progress);
    } catch (const Error& failure) {
      // Nothing that people could open: the cure is a vault.
      const bool hopeless =
          is_first(backend) && !setting_ && !has_another_to_put_in(backends_) && backend.obstacle();
      const bool has_own_cure =
          failure.code() == Errc::no_library || failure.code() == Errc::bus_refused;
      if (!hopeless || has_own_cure) throw;
      throw Error(Errc::no_store, failure.what());
    }
    index_->add_stored(servers, backend.id());
    for (const auto& other : backends_) {
      if (other.get() != &backend && other->roles().is_replaced) remove_older(*other, servers);
    }
    held.reset();
    for (const auto& other : backends_) stale_.clear(*other);
  }

  // Whether the backend that counts has it, and needs no question to say so.
  [[nodiscard]] bool is_proven(const Credential& credential) {
    Backend* holder = find(index_->holder(credential.server));
    if (holder == nullptr || !holder->is_unlocked()) return false;
    try {
      const auto stored = holder->get(credential.server);
      return stored && same_credential(*stored, credential);
    } catch (const Error&) {
      return false;
    }
  }

  // After others took their place: what this backend still has of `servers` must never answer
  // again.
  void remove_older(Backend& backend, std::span<const std::string> servers) {
    if (!is_named(servers, backend) && (setting_ || !backend.is_there())) return;
    stale_.remove(backend, servers);
  }

  [[nodiscard]] bool is_named(std::span<const std::string> servers, const Backend& backend) const {
    return std::ranges::any_of(
        servers, [&](const std::string& server) { return index_->mentions(server, backend.id()); });
  }

  std::optional<StoreId> setting_;
  Backends backends_;
  std::shared_ptr<ServerIndex> index_;
  StaleCopies stale_;
  Notes notes_;
  Backend* for_new_ = nullptr;  // decided once
};

}  // namespace

std::unique_ptr<Store> choose_store(std::optional<StoreId> setting, Backends backends,
                                    std::shared_ptr<ServerIndex> index, const Notes& notes) {
  return std::make_unique<StoreChoice>(setting, std::move(backends), std::move(index), notes);
}

}  // namespace cred
