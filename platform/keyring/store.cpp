// SPDX-License-Identifier: MIT
// What makes the keyring a Store: one credential for each server, a locked keyring distinguished
// from an absent credential, one prompt however many processes ask. Searching is KeyringView's
// part.
#include "platform/keyring/store.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "platform/keyring/bus/bus_error.h"
#include "platform/keyring/bus/session_bus.h"
#include "platform/keyring/layout.h"
#include "platform/keyring/status.h"
#include "platform/keyring/unlocker.h"
#include "platform/keyring/view.h"
#include "platform/system/error.h"
#include "platform/system/told.h"

namespace cred {
namespace {

constexpr std::string_view kHowItIsKnown =
    "docker-credential-keyring list, where the keyring is unlocked, makes that known; a machine "
    "without a keyring needs a vault: docker-credential-keyring vault create";

// Does `before_another` before each attempt but the first.
template <typename Work, typename Preparation>
auto retry_while_locked(Work work, Preparation before_another) {
  for (int attempt = 1;; ++attempt) {
    try {
      return work();
    } catch (const Error& failure) {
      if (failure.code() != Errc::locked || attempt == kAttempts) throw;
    }
    before_another();
  }
}

template <typename Work>
auto retry_while_locked(Work work) {
  return retry_while_locked(std::move(work), [] {});
}

class KeyringStore final : public Backend {
 public:
  explicit KeyringStore(const BackendContext& context)
      : environment_(context.environment),
        limits_{context.settings.reply_timeout, context.settings.prompt_timeout,
                may_ask(context.environment, context.settings.prompt)},
        notes_(context.notes),
        index_(context.index),
        view_([this](std::chrono::milliseconds reply) { return open_service(reply); },
              limits_.reply, index_),
        unlocker_(environment_, limits_, view_, notes_, context.settings.asked_for) {}

  using Store::put;

  void put(std::span<const Credential> credentials, const Progress& progress) override {
    view_.expect_secret();
    PromptLock held = unlocker_.lock();
    ObjectPath collection = readiness_ && readiness_->is_unlocked
                                ? view_.default_collection()
                                : unlocker_.usable_collection(held);
    const auto servers = servers_of(credentials);
    std::size_t done = 0;
    for (const auto& credential : credentials) {
      retry_while_locked(
          [&] {
            const auto older = items_to_replace(held, credential.server);
            // Before the keyring: if we are killed in between, the index errs towards "maybe".
            if (done == 0) index_->add_seen(servers, kKeyringId);
            put_one(collection, credential, older);
          },
          [&] { collection = unlocker_.usable_collection(held); });
      ++done;
      if (progress) progress(done, credentials[done - 1].server);
    }
    readiness_ = Readiness{
        .answers = true, .has_collection = true, .is_unlocked = true, .obstacle = std::nullopt};
  }

  // A collection is not made for it: that is put()'s.
  void unlock_for(std::span<const std::string> /*servers*/) override {
    if (readiness().is_unlocked) return;
    PromptLock held = unlocker_.lock();
    const ObjectPath collection = view_.default_collection();
    if (!collection.empty() && view_.service().is_locked(collection))
      unlocker_.unlock(held, std::vector{collection});
    readiness_.reset();
  }

  std::optional<Credential> get(std::string_view asked) override {
    const std::string server(asked);
    if (view_.is_known(server)) view_.expect_secret();
    auto found = retry_while_locked([&] { return find(server); });
    if (found) index_->add_seen({{found->server}}, kKeyringId);
    return found;
  }

  void erase(std::span<const std::string> servers) override {
    std::optional<PromptLock> held;
    const auto matches = match_if_reachable(servers);
    for (std::size_t i = 0; i < servers.size(); ++i) {
      if (matches[i].is_empty()) continue;
      if (!held) held.emplace(unlocker_.lock());
      std::optional<std::vector<ObjectPath>> items;
      if (!matches[i].needs_unlock()) items = matches[i].items.unlocked;
      retry_while_locked([&] { erase_one(*held, servers[i], std::exchange(items, std::nullopt)); });
    }
    index_->remove(servers, kKeyringId);
  }

  std::map<std::string, std::string> list() override {
    std::map<std::string, std::string> listed;
    for (auto& [server, shown] : read_listing().shown)
      listed.emplace(server, std::move(shown.username));
    return listed;
  }

  std::vector<ListedCredential> list_details() override {
    auto [shown, reach] = read_listing();
    std::vector<ListedCredential> listed;
    std::vector<ObjectPath> items;
    for (auto& [server, one] : shown) {
      listed.push_back({server, std::move(one.username), kKeyringId, std::nullopt, reach});
      items.push_back(std::move(one.item));
    }
    if (reach != Reach::unlocked || items.empty()) return listed;
    const auto times = view_.times(items);
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (times[i] != 0) listed[i].stored_at = times[i];
    }
    return listed;
  }

  std::vector<std::string> known_servers() override {
    if (!index_->is_complete(kKeyringId)) static_cast<void>(list());
    return index_->servers(kKeyringId);
  }

  std::vector<StoreId> half_known() override {
    const Readiness& now = readiness();
    const bool is_shut = now.answers && now.has_collection && !now.is_unlocked;
    if (!is_shut || index_->is_complete(kKeyringId)) return {};
    return {kKeyringId};
  }

  [[nodiscard]] const StoreId& id() const override { return kKeyringId; }
  [[nodiscard]] std::optional<Refusal> obstacle() override { return readiness().obstacle; }
  bool is_there() override { return readiness().answers; }
  bool exists() override {
    const Readiness& now = readiness();
    return (now.answers && (now.has_collection || !now.obstacle)) ||
           has_keyring_files(environment_);
  }
  bool is_unlocked() override { return readiness().is_unlocked; }

  std::optional<std::uint64_t> stored_at(std::string_view server) override {
    try {
      return view_.stored_at(std::string(server));
    } catch (const Error&) {
      return std::nullopt;
    }
  }

 private:
  // What the keyring shows, and, where it is not unlocked, what the index names besides.
  struct Listing {
    std::map<std::string, KeyringView::Shown> shown;
    Reach reach = Reach::absent;
  };
  [[nodiscard]] Listing read_listing() {
    Listing listed;
    try {
      listed.shown = view_.shown();
      listed.reach = view_.is_default_locked() ? Reach::locked : Reach::unlocked;
    } catch (const Error& failure) {
      explain(failure);
    }
    std::vector<std::string> servers;
    servers.reserve(listed.shown.size());
    for (const auto& [server, shown] : listed.shown) servers.push_back(server);
    index_->add_seen(servers, kKeyringId);
    if (listed.reach == Reach::unlocked) {
      index_->set_complete(kKeyringId);
    } else {
      for (const auto& server : index_->servers(kKeyringId)) listed.shown.try_emplace(server);
    }
    return listed;
  }

  // The bus first: without one no library need be loaded.
  [[nodiscard]] std::unique_ptr<KeyringService> open_service(
      std::chrono::milliseconds reply) const {
    return open_bus_keyring(find_session_bus(environment_), reply);
  }

  [[nodiscard]] const Readiness& readiness() {
    if (!readiness_) readiness_ = find_readiness(view_, limits_);
    return *readiness_;
  }

  // For every public pull docker asks for a server that nobody ever stored: an unreachable keyring
  // must not stop the pull. One that answers, and fails, may have any server that no index rules
  // out.
  [[nodiscard]] std::vector<Match> match_if_reachable(std::span<const std::string> servers) {
    try {
      return view_.match(servers);
    } catch (const Error& failure) {
      const auto is_known = [&](const auto& server) { return view_.is_known(server); };
      const bool is_maybe = !is_unanswered(failure.code()) && !index_->is_complete(kKeyringId);
      if (is_maybe || std::ranges::any_of(servers, is_known)) throw;
      explain(failure);
      return std::vector<Match>(servers.size());
    }
  }

  [[nodiscard]] std::optional<Credential> find(const std::string& server) {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      const Match match = match_if_reachable({&server, 1}).front();
      if (match.is_empty()) return std::nullopt;
      if (auto found = read(server, match)) return found;
    }
    return std::nullopt;
  }

  // An unlocked item answers without asking the user, unless a locked one is newer.
  [[nodiscard]] bool must_unlock_to_read(const Match& match) {
    const auto& [unlocked, locked] = match.items;
    if (unlocked.empty() || locked.empty()) return match.needs_unlock();
    std::vector<ObjectPath> all = unlocked;
    all.insert(all.end(), locked.begin(), locked.end());
    return view_.newest(all) >= unlocked.size();
  }

  [[nodiscard]] std::optional<Credential> read(const std::string& server, const Match& match) {
    std::vector<ObjectPath> items = match.items.unlocked;
    if (must_unlock_to_read(match)) {
      PromptLock held = unlocker_.lock();
      items = unlocker_.unlocked_items(held, server);
    }
    while (!items.empty()) {
      const auto item = items.begin() + static_cast<std::ptrdiff_t>(view_.newest(items));
      if (auto content = view_.service().read(*item)) {
        return Credential{server, value_of(content->attributes, "username"),
                          std::move(content->secret)};
      }
      items.erase(item);  // gone since it was found
    }
    return std::nullopt;
  }

  // The default collection is unlocked, so the keyring shows all items.
  [[nodiscard]] std::vector<ObjectPath> items_to_replace(PromptLock& lock,
                                                         const std::string& server) {
    Match older = std::move(view_.search({&server, 1}).front());
    return older.needs_unlock() ? unlocker_.unlocked_items(lock, server)
                                : std::move(older.items.unlocked);
  }

  void put_one(const ObjectPath& collection, const Credential& credential,
               std::span<const ObjectPath> older) {
    Attributes attributes = with_server(our_attributes(), credential.server);
    attributes.emplace("label", "Docker Credentials");
    attributes.emplace("username", credential.username);
    // docker-credential-secretservice lists the label of an item as its server.
    const std::string& label = credential.server;
    auto stored = view_.service().create_item(collection, label, attributes, credential.secret);
    if (!stored)
      stored = unlocker_.prompter().create_item(collection, label, attributes, credential.secret);
    std::vector<ObjectPath> replaced(older.begin(), older.end());
    std::erase(replaced, *stored);
    if (replaced.empty()) return;
    expect_stored(*stored, attributes);
    for (const auto& item : replaced) delete_item(item);
  }

  // Or the only item would be deleted where the keyring names another than it has stored.
  void expect_stored(const ObjectPath& item, const Attributes& wanted) {
    const auto now = view_.service().attributes({{item}}).front();
    if (now && std::ranges::includes(*now, wanted)) return;
    throw Error(Errc::keyring_failed, "the keyring does not show the login for " +
                                          value_of(wanted, "server") +
                                          ", which it says that it has stored");
  }

  void delete_item(const ObjectPath& item) {
    if (!view_.service().delete_item(item)) unlocker_.prompter().delete_item(item);
  }

  // Deletes `items`, or those found after unlocking, until the keyring has none of `server`.
  void erase_one(PromptLock& lock, const std::string& server,
                 std::optional<std::vector<ObjectPath>> items) {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      if (!items) items = unlocker_.unlocked_items(lock, server);
      for (const auto& item : *items) delete_item(item);
      if (view_.is_gone(server)) return;
      items.reset();
    }
    throw Error(Errc::keyring_failed, "the keyring still has the credential after deleting it");
  }

  // Why the keyring counts as holding no more than the index names. That it is not there, or
  // silent, is no news where the index knows all of it.
  void explain(const Error& failure) {
    view_.give_up(failure);
    const Errc code = failure.code();
    const bool is_no_news = is_unanswered(code) && code != Errc::bus_refused;
    if ((is_no_news && index_->is_complete(kKeyringId)) || std::exchange(explained_, true)) return;
    std::string_view hint = kHowItIsKnown;
    if (code == Errc::no_library) hint = kLibraryHint;
    if (code == Errc::bus_refused) hint = kForeignBusHint;
    note_once(environment_, notes_,
              "it is not known which logins the keyring holds: " + std::string(failure.what()) +
                  "; hint: " + std::string(hint));
  }

  Environment environment_;
  Limits limits_;
  Notes notes_;
  std::shared_ptr<ServerIndex> index_;
  KeyringView view_;
  KeyringUnlocker unlocker_;
  std::optional<Readiness> readiness_;
  bool explained_ = false;
};

}  // namespace

std::unique_ptr<Backend> open_keyring_store(const BackendContext& context) {
  return std::make_unique<KeyringStore>(context);
}

}  // namespace cred
