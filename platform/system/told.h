// SPDX-License-Identifier: MIT
// What people have been told already: docker logout calls us for each spelling of one registry, a
// build for each of its images, and each call would say the same.
#pragma once

#include <string_view>

#include "platform/system/environment.h"
#include "platform/system/error.h"
#include "platform/text/notes.h"

namespace cred {

// As notes.note(text), unless the process that called this one was told the same by us within the
// last minute. That is remembered in the runtime folder, in a file of this user's alone, and
// without the text; where nothing can be, it is said again.
void note_once(const Environment& environment, const Notes& notes, std::string_view text);

// Thrown in the place of a failure of which people have been told already, with what to do next.
class ToldError : public Error {
 public:
  explicit ToldError(const Error& failure) : Error(failure) {}
};

}  // namespace cred
