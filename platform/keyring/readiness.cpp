// SPDX-License-Identifier: MIT
#include "platform/keyring/readiness.h"

#include <algorithm>
#include <chrono>

namespace cred {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// For all questions together: of the two seconds that a choice may take, the vault and the program
// itself need a part.
constexpr milliseconds kDecisionLimit(1500);

}  // namespace

Readiness find_readiness(KeyringView& view, const Limits& limits) {
  const auto end = steady_clock::now() + std::min(kDecisionLimit, limits.reply);
  // Each question gets the time that those before it left.
  const auto hurried_view = [&]() -> KeyringView& {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
    if (left.count() <= 0) throw Error(Errc::timed_out, "the keyring did not answer in time");
    view.limit_replies(left);
    return view;
  };
  Readiness found;
  try {
    const bool has_collection = !hurried_view().default_collection().empty();
    found.is_unlocked = has_collection && !hurried_view().is_default_locked();
    found.answers = true;
    if (!found.is_unlocked && !limits.may_ask) {
      found.obstacle = Refusal{has_collection ? kCannotUnlock : kCannotCreate};
    }
  } catch (const Error& failure) {
    found.obstacle = Refusal{failure.what()};
  }
  view.limit_replies(limits.reply);
  return found;
}

}  // namespace cred
