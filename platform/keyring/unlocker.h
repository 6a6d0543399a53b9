// SPDX-License-Identifier: MIT
// What the keyring may have to ask the user for: to unlock items or a collection, and to make one.
// One prompt is shown however many processes want it. Private to this folder.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "platform/keyring/bus/service.h"
#include "platform/keyring/view.h"
#include "platform/system/environment.h"
#include "platform/system/prompt_lock.h"

namespace cred {

// Failures are those of KeyringPrompter.
class KeyringUnlocker {
 public:
  // Touches nothing yet. `view` outlives it.
  KeyringUnlocker(Environment environment, const Limits& limits, KeyringView& view,
                  const Notes& notes, std::string asked_for)
      : environment_(std::move(environment)),
        limits_(limits),
        view_(view),
        notes_(notes),
        asked_for_(std::move(asked_for)) {}

  // Held by who may ask, until the work that needed it is done.
  [[nodiscard]] PromptLock lock();

  void unlock(PromptLock& lock, std::span<const ObjectPath> objects);

  // The items of `server`, all unlocked. Searches again, because another process may have unlocked.
  [[nodiscard]] std::vector<ObjectPath> unlocked_items(PromptLock& lock, const std::string& server);

  // The default collection, unlocked; made if there is none.
  [[nodiscard]] ObjectPath usable_collection(PromptLock& lock);

  // For work that the service itself does not do without asking.
  [[nodiscard]] KeyringPrompter& prompter();

 private:
  void unlock(PromptLock& lock, const Match& match);
  [[nodiscard]] ObjectPath create_collection();

  Environment environment_;
  Limits limits_;
  KeyringView& view_;
  Notes notes_;
  std::string asked_for_;  // said before a question, where it is not empty
  std::unique_ptr<KeyringPrompter> prompter_;
};

}  // namespace cred
