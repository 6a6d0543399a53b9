// SPDX-License-Identifier: MIT
// Nobody sits before a program that is silent and wonders.
#pragma once

#include <optional>
#include <string>
#include <thread>

#include "platform/text/notes.h"

namespace cred {

// While this lives, something is waited for. Once that has taken longer than a second, a thread of
// its own says so on `notes`, where stderr is a terminal; a log has no use for it. The stream of
// `notes` outlives this, and nobody else writes to it meanwhile. The end of this waits for the
// thread.
class WaitNote {
 public:
  // `text` says what is waited for.
  WaitNote(const Notes& notes, std::string text);

 private:
  std::optional<std::jthread> alarm_;  // ends with this
};

}  // namespace cred
