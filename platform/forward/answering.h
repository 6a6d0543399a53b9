// SPDX-License-Identifier: MIT
// One request, in the process that answers it. Private to platform/forward.
#pragma once

#include <sys/types.h>

#include <array>

#include "platform/forward/listener.h"

namespace cred {

// How far it has come.
enum class AnswerStage {
  asked,     // the request is there, whole
  answered,  // the answer is known, and not yet sent
  untaken    // who asked does not take all of it at once
};

// What it reports to the one that listens, by a pipe: whole, since a pipe parts nothing this short.
struct AnswerReport {
  pid_t pid = 0;
  AnswerStage stage = AnswerStage::asked;
  // Of an answer:
  bool was_asked_in_vain = false;
  std::array<char, 400> log = {};  // ends with a NUL
};

// Reads the request within a second, has it answered, and sends that within ten more. `reports` is
// the end of the pipe to write to. Never throws.
void answer_one(Fd connection, const ForwardPeer& peer, const AnswerRequest& answer, int reports);

}  // namespace cred
