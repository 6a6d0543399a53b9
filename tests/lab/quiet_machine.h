// SPDX-License-Identifier: MIT
// What rows on the vault have in common: a machine, and what comes of a call on it.
#pragma once

#include <unistd.h>

#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/system/error.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {

// A home in a folder of its own, and nobody who can be asked.
struct QuietMachine {
  TemporaryFolder folder;
  Environment environment;
  Settings settings;

  QuietMachine() {
    environment.uid = geteuid();
    environment.variables["HOME"] = folder.path();
    environment.variables["XDG_RUNTIME_DIR"] = folder.path();
    settings.prompt = Prompting::never;
  }
};

// The code of the Error that `work` ends with; not_found, which nothing here throws, if it works.
Errc failure_of(const auto& work) {
  try {
    work();
  } catch (const Error& failure) {
    return failure.code();
  }
  return Errc::not_found;
}

}  // namespace cred::test
