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
#include "platform/keyring/prompter/libsecret_prompter.h"
#include "platform/keyring/status.h"
#include "platform/keyring/view.h"
#include "platform/system/error.h"
#include "platform/system/told.h"

namespace cred {
namespace {

constexpr std::string_view kHowItIsKnown =
    "docker-credential-keyring list, where the keyring is unlocked, makes that known; a machine "
    "without a keyring needs a vault: docker-credential-keyring vault create";

// Does `before_another` before each attempt but the first.
template <typename Work, typename Preparation = void (*)()>
auto retry_while_locked(
    Work work, Preparation before_another = [] {}) {
  for (int attempt = 1;; ++attempt) {
    try {
      return work();
    } catch (const Error& failure) {
      if (failure.code() != Errc::locked || attempt == kAttempts) throw;
    }
    before_another();
  }
}

// A dialog that cannot be shown, as on a screen that is gone, is answered like one that was closed.
std::string dismissed(const Environment& environment) {
  for (const char* screen : {"DISPLAY", "WAYLAND_DISPLAY"}) {
    if (const auto name = environment.get(screen)) {
      return std::string("the keyring's dialog could not be shown (") + screen + '=' + *name +
             ") or was closed";
    }
  }
  return "the keyring's dialog could not be shown, or was closed";
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
              limits_.reply, index_) {}

  using Store::put;

  void put(std::span<const Credential> credentials, const Progress& progress) override {
    view_.expect_secret();
    PromptLock held = lock();
    ObjectPath collection = readiness_ && readiness_->is_unlocked ? view_.default_collection()
                                                                  : usable_collection(held);
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
          [&] { collection = usable_collection(held); });
      ++done;
      if (progress) progress(done);
    }
    readiness_ = Readiness{
        .answers = true, .has_collection = true, .is_unlocked = true, .obstacle = std::nullopt};
  }

  // A collection is not made for it: that is put()'s.
  void unlock_for(std::span<const std::string> /*servers*/) override {
    if (readiness().is_unlocked) return;
    PromptLock held = lock();
    const ObjectPath collection = view_.default_collection();
    if (!collection.empty() && view_.service().is_locked(collection))
      unlock(held, std::vector{collection});
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
      if (!held) held.emplace(lock());
      std::optional<std::vector<ObjectPath>> items;
      if (!matches[i].needs_unlock()) items = matches[i].items.unlocked;
      retry_while_locked([&] { erase_one(*held, servers[i], std::exchange(items, std::nullopt)); });
    }
    index_->remove(servers, kKeyringId);
  }

  std::map<std::string, std::string> list() override {
    std::map<std::string, std::string> listed;
    bool all_readable = false;
    try {
      listed = view_.usernames();
      all_readable = !view_.is_default_locked();
    } catch (const Error& failure) {
      explain(failure);
    }
    index_->add_seen(servers_of(listed), kKeyringId);
    if (all_readable) {
      index_->set_complete(kKeyringId);
    } else {
      for (const auto& server : index_->servers(kKeyringId)) listed.try_emplace(server);
    }
    return listed;
  }

  std::vector<std::string> known_servers() override {
    if (!index_->is_complete(kKeyringId)) static_cast<void>(list());
    return index_->servers(kKeyringId);
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
  // The bus first: without one no library need be loaded.
  [[nodiscard]] std::unique_ptr<KeyringService> open_service(
      std::chrono::milliseconds reply) const {
    return open_bus_keyring(find_session_bus(environment_), reply);
  }

  PromptLock lock() {
    static_cast<void>(find_session_bus(environment_));  // without one that is what is wrong
    return lock_keyring(environment_, limits_.prompt + 2 * limits_.reply);
  }

  [[nodiscard]] const Readiness& readiness() {
    if (!readiness_) readiness_ = find_readiness(view_, limits_);
    return *readiness_;
  }

  KeyringPrompter& prompter() {
    if (!prompter_) {
      prompter_ =
          open_libsecret_keyring(find_session_bus(environment_), limits_, dismissed(environment_));
    }
    return *prompter_;
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

  void unlock(PromptLock& lock, std::span<const ObjectPath> objects) {
    if (lock.was_refused()) throw Error(Errc::refused, dismissed(environment_));
    try {
      prompter().unlock(objects);
    } catch (const Error& failure) {
      if (failure.code() == Errc::refused || failure.code() == Errc::timed_out)
        lock.record_refusal();
      throw;
    }
  }

  void unlock(PromptLock& lock, const Match& match) {
    if (match.maybe_locked) unlock(lock, std::vector{view_.default_collection()});
    if (!match.items.locked.empty()) unlock(lock, match.items.locked);
  }

  // Searches again, because another process may have unlocked, and unlocks what still needs it.
  [[nodiscard]] std::vector<ObjectPath> unlocked_items(PromptLock& lock,
                                                       const std::string& server) {
    Match match = view_.match(server);
    if (match.needs_unlock()) {
      unlock(lock, match);
      match = view_.match(server);
      if (match.needs_unlock()) throw Error(Errc::locked, "the keyring is locked");
    }
    return std::move(match.items.unlocked);
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
      PromptLock held = lock();
      items = unlocked_items(held, server);
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

  [[nodiscard]] ObjectPath usable_collection(PromptLock& lock) {
    ObjectPath collection = view_.default_collection();
    if (collection.empty()) return create_collection();
    if (view_.service().is_locked(collection)) unlock(lock, std::vector{collection});
    return collection;
  }

  [[nodiscard]] ObjectPath create_collection() {
    try {
      return prompter().create_default_collection();
    } catch (const Error& failure) {
      if (failure.code() != Errc::keyring_failed) throw;
      throw Error(
          Errc::no_collection,
          std::string("the keyring has no default collection and makes none: ") + failure.what());
    }
  }

  // The default collection is unlocked, so the keyring shows all items.
  [[nodiscard]] std::vector<ObjectPath> items_to_replace(PromptLock& lock,
                                                         const std::string& server) {
    Match older = std::move(view_.search({&server, 1}).front());
    return older.needs_unlock() ? unlocked_items(lock, server) : std::move(older.items.unlocked);
  }

  void put_one(const ObjectPath& collection, const Credential& credential,
               std::span<const ObjectPath> older) {
    Attributes attributes = with_server(our_attributes(), credential.server);
    attributes.emplace("label", "Docker Credentials");
    attributes.emplace("username", credential.username);
    // docker-credential-secretservice lists the label of an item as its server.
    const std::string& label = credential.server;
    auto stored = view_.service().create_item(collection, label, attributes, credential.secret);
    if (!stored) stored = prompter().create_item(collection, label, attributes, credential.secret);
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
    if (!view_.service().delete_item(item)) prompter().delete_item(item);
  }

  // Deletes `items`, or those found after unlocking, until the keyring has none of `server`.
  void erase_one(PromptLock& lock, const std::string& server,
                 std::optional<std::vector<ObjectPath>> items) {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      if (!items) items = unlocked_items(lock, server);
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
  std::unique_ptr<KeyringPrompter> prompter_;
  std::optional<Readiness> readiness_;
  bool explained_ = false;
};

}  // namespace

std::unique_ptr<Backend> open_keyring_store(const BackendContext& context) {
  return std::make_unique<KeyringStore>(context);
}

}  // namespace cred
