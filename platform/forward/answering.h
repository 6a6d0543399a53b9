// SPDX-License-Identifier: MIT
// One request, in the process that answers it. Private to platform/forward.
#pragma once

#include <array>
#include <string_view>

#include "platform/forward/listener.h"

namespace cred {

// What it tells the one that listens, by a pipe: whole, since a pipe parts nothing this short.
struct Told {
  pid_t pid = 0;
  bool is_answer = false;  // else the request is there, whole
  bool was_asked_in_vain = false;
  std::array<char, 400> log = {};  // ends with a NUL
};

// Reads the request within a second, has it answered, and sends that within ten more. Never throws.
void answer_one(Fd connection, ForwardRequest request, const AnswerRequest& answer, int told);

}  // namespace cred
