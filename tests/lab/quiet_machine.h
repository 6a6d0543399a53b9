// SPDX-License-Identifier: MIT
// What rows on the vault have in common: a machine.
#pragma once

#include <unistd.h>

#include "platform/store/settings.h"
#include "platform/system/environment.h"
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

}  // namespace cred::test
