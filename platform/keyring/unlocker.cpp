// SPDX-License-Identifier: MIT
#include "platform/keyring/unlocker.h"

#include <utility>

#include "platform/keyring/bus/session_bus.h"
#include "platform/keyring/prompter/libsecret_prompter.h"
#include "platform/system/error.h"

namespace cred {
namespace {

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

}  // namespace

PromptLock KeyringUnlocker::lock() {
  static_cast<void>(find_session_bus(environment_));  // without one that is what is wrong
  return lock_keyring(environment_, limits_.prompt + 2 * limits_.reply);
}

KeyringPrompter& KeyringUnlocker::prompter() {
  if (!prompter_) {
    prompter_ = open_libsecret_keyring(find_session_bus(environment_), limits_,
                                       dismissed(environment_), notes_);
  }
  return *prompter_;
}

void KeyringUnlocker::unlock(PromptLock& lock, std::span<const ObjectPath> objects) {
  if (lock.was_refused()) throw Error(Errc::refused, dismissed(environment_));
  if (limits_.may_ask && !asked_for_.empty()) notes_.note(asked_for_);
  try {
    prompter().unlock(objects);
  } catch (const Error& failure) {
    if (failure.code() == Errc::refused || failure.code() == Errc::timed_out) lock.record_refusal();
    throw;
  }
}

void KeyringUnlocker::unlock(PromptLock& lock, const Match& match) {
  if (match.maybe_locked) unlock(lock, std::vector{view_.default_collection()});
  if (!match.items.locked.empty()) unlock(lock, match.items.locked);
}

std::vector<ObjectPath> KeyringUnlocker::unlocked_items(PromptLock& lock,
                                                        const std::string& server) {
  Match match = view_.match(server);
  if (match.needs_unlock()) {
    unlock(lock, match);
    match = view_.match(server);
    if (match.needs_unlock()) throw Error(Errc::locked, "the keyring is locked");
  }
  return std::move(match.items.unlocked);
}

ObjectPath KeyringUnlocker::usable_collection(PromptLock& lock) {
  ObjectPath collection = view_.default_collection();
  if (collection.empty()) return create_collection();
  if (view_.service().is_locked(collection)) unlock(lock, std::vector{collection});
  return collection;
}

ObjectPath KeyringUnlocker::create_collection() {
  try {
    return prompter().create_default_collection();
  } catch (const Error& failure) {
    if (failure.code() != Errc::keyring_failed) throw;
    throw Error(
        Errc::no_collection,
        std::string("the keyring has no default collection and makes none: ") + failure.what());
  }
}

}  // namespace cred
