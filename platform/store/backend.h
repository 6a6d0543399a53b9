// SPDX-License-Identifier: MIT
// A Store that is one of two: what open_store.cpp has to know to choose between them.
#pragma once

#include <string>

#include "platform/store/store.h"

namespace cred {

class Backend : public Store {
 public:
  // None of these asks anybody anything, fails, or takes longer than two seconds.

  // Whether get() and list() are worth a try: there is something that answers.
  virtual bool is_there() = 0;

  // Whether put() may succeed, after asking if need be. Otherwise `why_not` says what is missing.
  virtual bool may_take(std::string& why_not) = 0;

  // Whether put() and erase() would work without asking.
  virtual bool is_unlocked() = 0;
};

}  // namespace cred
