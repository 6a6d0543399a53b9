// SPDX-License-Identifier: MIT
// What makes the keyring a Store: one credential a server, "locked" told from "absent", one prompt
// however many ask. What it shows stands in keyring_view.cpp.
#include "platform/keyring/store.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "platform/keyring/bus/session_bus.h"
#include "platform/keyring/layout.h"
#include "platform/keyring/prompter/libsecret_prompter.h"
#include "platform/keyring/view.h"
#include "platform/system/error.h"
#include "platform/system/library.h"
#include "platform/system/prompt_lock.h"

namespace cred {
namespace {

// For finding out what it is good for, altogether.
// The vault and the program itself take their part of two seconds, too.
constexpr std::chrono::milliseconds kDecisionLimit(1500);

constexpr const char* kCannotUnlock = "the keyring is locked, and nobody can be asked";
constexpr const char* kCannotCreate =
    "the keyring has no default collection, and nobody can be asked to make one";

// How often a keyring that relocks in the middle of the work is unlocked again.
constexpr int kAttempts = 3;

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
  return retry_while_locked(work, [] {});
}

class KeyringStore final : public Backend {
 public:
  KeyringStore(const Environment& environment, const Settings& settings,
               std::shared_ptr<ServerIndex> index, const Notes& notes)
      : environment_(environment),
        limits_{settings.reply_timeout, settings.prompt_timeout,
                may_ask(environment, settings.prompt)},
        notes_(notes),
        index_(std::move(index)),
        view_(environment_, settings.reply_timeout, index_) {}

  using Store::put;
  void put(std::span<const Credential> credentials, const Progress& progress) override;
  std::optional<Credential> get(std::string_view asked) override;
  void erase(std::span<const std::string> servers) override;
  std::map<std::string, std::string> list() override;
  std::vector<std::string> known_servers() override;
  [[nodiscard]] const StoreId& id() const override { return kKeyringId; }
  [[nodiscard]] std::optional<Refusal> obstacle() override { return state().obstacle; }

  bool is_there() override { return state().answers; }
  bool is_unlocked() override { return state().is_unlocked; }

 private:
  // What the keyring is good for now, found out once.
  struct State {
    bool answers = false;
    bool is_unlocked = false;         // it has a collection, which is not locked
    std::optional<Refusal> obstacle;  // to storing
  };
  [[nodiscard]] const State& state();
  [[nodiscard]] State find_state();
  KeyringPrompter& prompter();
  PromptLock lock() { return lock_keyring(environment_, limits_.prompt + 2 * limits_.reply); }

  [[nodiscard]] std::vector<Sighting> look_for_if_reachable(std::span<const std::string> servers);
  void unlock(PromptLock& lock, std::span<const ObjectPath> objects);
  void unlock(PromptLock& lock, const Sighting& sighting);
  [[nodiscard]] std::vector<ObjectPath> unlocked_items(PromptLock& lock, const std::string& server);
  [[nodiscard]] bool must_unlock_to_read(const Sighting& sighting);
  [[nodiscard]] std::optional<Credential> read(const std::string& server, const Sighting& sighting);
  [[nodiscard]] ObjectPath usable_collection(PromptLock& lock);
  [[nodiscard]] ObjectPath create_collection();
  [[nodiscard]] std::vector<ObjectPath> items_to_replace(PromptLock& lock,
                                                         const std::string& server);
  void put_one(const ObjectPath& collection, const Credential& credential,
               std::span<const ObjectPath> older);
  void erase_one(PromptLock& lock, const std::string& server,
                 std::optional<std::vector<ObjectPath>> seen);
  void delete_item(const ObjectPath& item);
  void explain(const Error& failure);

  Environment environment_;
  Limits limits_;
  Notes notes_;
  std::shared_ptr<ServerIndex> index_;
  KeyringView view_;
  std::unique_ptr<KeyringPrompter> prompter_;
  std::optional<State> state_;
  bool explained_ = false;
};

void KeyringStore::put(std::span<const Credential> credentials, const Progress& progress) {
  view_.expect_secret();
  PromptLock held = lock();
  ObjectPath collection =
      state_ && state_->is_unlocked ? view_.default_collection() : usable_collection(held);
  std::vector<std::string> servers;
  servers.reserve(credentials.size());
  for (const auto& credential : credentials) servers.push_back(credential.server);
  std::size_t done = 0;
  for (const auto& credential : credentials) {
    retry_while_locked(
        [&] {
          const auto older = items_to_replace(held, credential.server);
          // Before the keyring: if we are killed in between, the index errs towards "maybe".
          if (done == 0) index_->add_stored(servers, kKeyringId);
          put_one(collection, credential, older);
        },
        [&] { collection = usable_collection(held); });
    ++done;
    if (progress) progress(done);
  }
}

std::optional<Credential> KeyringStore::get(std::string_view asked) {
  const std::string server(asked);
  if (view_.is_known(server)) view_.expect_secret();
  auto found = retry_while_locked([&]() -> std::optional<Credential> {
    const Sighting sighting = look_for_if_reachable({&server, 1}).front();
    if (sighting.is_nothing()) return std::nullopt;
    return read(server, sighting);
  });
  if (found) index_->add_seen({{found->server}}, kKeyringId);
  return found;
}

void KeyringStore::erase(std::span<const std::string> servers) {
  std::optional<PromptLock> held;
  const auto sightings = look_for_if_reachable(servers);
  for (std::size_t i = 0; i < servers.size(); ++i) {
    if (sightings[i].is_nothing()) continue;
    if (!held) held.emplace(lock());
    std::optional<std::vector<ObjectPath>> seen;
    if (!sightings[i].needs_unlock()) seen = sightings[i].items.unlocked;
    retry_while_locked([&] { erase_one(*held, servers[i], std::exchange(seen, std::nullopt)); });
  }
  index_->remove(servers, kKeyringId);
}

std::map<std::string, std::string> KeyringStore::list() {
  std::map<std::string, std::string> listed;
  bool all_readable = false;
  try {
    listed = view_.usernames();
    all_readable = !view_.is_default_locked();
  } catch (const Error& failure) {
    explain(failure);
  }
  std::vector<std::string> servers;
  servers.reserve(listed.size());
  for (const auto& [server, username] : listed) servers.push_back(server);
  if (all_readable) {
    index_->add_seen(servers, kKeyringId);
    index_->set_complete(kKeyringId);
  } else {
    index_->add_seen(servers, kKeyringId);
    for (const auto& server : index_->servers(kKeyringId)) listed.try_emplace(server);
  }
  return listed;
}

std::vector<std::string> KeyringStore::known_servers() {
  if (!index_->is_complete(kKeyringId)) static_cast<void>(list());
  return index_->servers(kKeyringId);
}

const KeyringStore::State& KeyringStore::state() {
  if (!state_) {
    state_ = find_state();
    view_.limit_replies(limits_.reply);
  }
  return *state_;
}

// Each question to the keyring gets the time that those before it left.
KeyringStore::State KeyringStore::find_state() {
  using std::chrono::milliseconds;
  using std::chrono::steady_clock;
  const auto end = steady_clock::now() + std::min(kDecisionLimit, limits_.reply);
  const auto hurried_view = [&]() -> KeyringView& {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
    if (left.count() <= 0) throw Error(Errc::timed_out, "the keyring did not answer in time");
    view_.limit_replies(left);
    return view_;
  };
  State state;
  try {
    const bool has_collection = !hurried_view().default_collection().empty();
    state.is_unlocked = has_collection && !hurried_view().is_default_locked();
    state.answers = true;
    if (!state.is_unlocked && !limits_.may_ask) {
      state.obstacle = Refusal{has_collection ? kCannotUnlock : kCannotCreate};
    }
  } catch (const Error& failure) {
    state.obstacle = Refusal{failure.what()};
  }
  return state;
}

KeyringPrompter& KeyringStore::prompter() {
  if (!prompter_) prompter_ = open_libsecret_keyring(find_session_bus(environment_), limits_);
  return *prompter_;
}

// Docker asks for servers that nobody ever stored, for every public pull: a keyring that cannot be
// reached must not stop that.
std::vector<Sighting> KeyringStore::look_for_if_reachable(std::span<const std::string> servers) {
  try {
    return view_.look_for(servers);
  } catch (const Error& failure) {
    if (std::ranges::any_of(servers, [&](const auto& server) { return view_.is_known(server); }))
      throw;
    explain(failure);
    return std::vector<Sighting>(servers.size());
  }
}

void KeyringStore::unlock(PromptLock& lock, std::span<const ObjectPath> objects) {
  if (lock.was_refused()) throw Error(Errc::refused, "the keyring's prompt was dismissed");
  try {
    prompter().unlock(objects);
  } catch (const Error& failure) {
    if (failure.code() == Errc::refused || failure.code() == Errc::timed_out) lock.record_refusal();
    throw;
  }
}

void KeyringStore::unlock(PromptLock& lock, const Sighting& sighting) {
  if (sighting.hidden) unlock(lock, std::vector{view_.default_collection()});
  if (!sighting.items.locked.empty()) unlock(lock, sighting.items.locked);
}

// Looks again, for another process may have unlocked, and unlocks what still needs it.
std::vector<ObjectPath> KeyringStore::unlocked_items(PromptLock& lock, const std::string& server) {
  Sighting sighting = view_.look_for(server);
  if (sighting.needs_unlock()) {
    unlock(lock, sighting);
    sighting = view_.look_for(server);
    if (sighting.needs_unlock()) throw Error(Errc::locked, "the keyring is locked");
  }
  return std::move(sighting.items.unlocked);
}

// An open item answers without asking, unless a locked one is newer.
bool KeyringStore::must_unlock_to_read(const Sighting& sighting) {
  const auto& [unlocked, locked] = sighting.items;
  if (unlocked.empty() || locked.empty()) return sighting.needs_unlock();
  std::vector<ObjectPath> all = unlocked;
  all.insert(all.end(), locked.begin(), locked.end());
  return view_.newest(all) >= unlocked.size();
}

std::optional<Credential> KeyringStore::read(const std::string& server, const Sighting& sighting) {
  std::vector<ObjectPath> items = sighting.items.unlocked;
  if (must_unlock_to_read(sighting)) {
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

ObjectPath KeyringStore::usable_collection(PromptLock& lock) {
  ObjectPath collection = view_.default_collection();
  if (collection.empty()) return create_collection();
  if (view_.service().is_locked(collection)) unlock(lock, std::vector{collection});
  return collection;
}

ObjectPath KeyringStore::create_collection() {
  try {
    return prompter().create_default_collection();
  } catch (const Error& failure) {
    if (failure.code() != Errc::keyring_failed) throw;
    throw Error(
        Errc::no_collection,
        std::string("the keyring has no default collection and makes none: ") + failure.what());
  }
}

// The default collection is open, so that nothing is hidden.
std::vector<ObjectPath> KeyringStore::items_to_replace(PromptLock& lock,
                                                       const std::string& server) {
  Sighting older = std::move(view_.see({&server, 1}).front());
  return older.needs_unlock() ? unlocked_items(lock, server) : std::move(older.items.unlocked);
}

void KeyringStore::put_one(const ObjectPath& collection, const Credential& credential,
                           std::span<const ObjectPath> older) {
  Attributes attributes = with_server(our_attributes(), credential.server);
  attributes.emplace("label", "Docker Credentials");
  attributes.emplace("username", credential.username);
  const std::string label = "Registry credentials for " + credential.server;
  auto stored = view_.service().create_item(collection, label, attributes, credential.secret);
  if (!stored) stored = prompter().create_item(collection, label, attributes, credential.secret);
  for (const auto& item : older) {
    if (item != *stored) delete_item(item);
  }
}

void KeyringStore::delete_item(const ObjectPath& item) {
  if (!view_.service().delete_item(item)) prompter().delete_item(item);
}

// Deletes what was seen, or what is to be seen after unlocking, until nothing more is there.
void KeyringStore::erase_one(PromptLock& lock, const std::string& server,
                             std::optional<std::vector<ObjectPath>> seen) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (!seen) seen = unlocked_items(lock, server);
    for (const auto& item : *seen) delete_item(item);
    if (view_.is_gone(server)) return;
    seen.reset();
  }
  throw Error(Errc::keyring_failed, "the keyring still has the credential after deleting it");
}

void KeyringStore::explain(const Error& failure) {
  view_.give_up(failure);
  if (explained_) return;
  explained_ = true;
  notes_.note(failure.what(), "; going on as if it held nothing that is not known to be stored");
  if (failure.code() == Errc::no_library) {
    notes_.hint(kLibraryHint);
  }
}

}  // namespace

std::unique_ptr<Backend> open_keyring_store(const Environment& environment,
                                            const Settings& settings,
                                            std::shared_ptr<ServerIndex> index,
                                            const Notes& notes) {
  return std::make_unique<KeyringStore>(environment, settings, std::move(index), notes);
}

}  // namespace cred
