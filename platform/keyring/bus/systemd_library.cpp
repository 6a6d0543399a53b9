// SPDX-License-Identifier: MIT
#include "platform/keyring/bus/systemd_library.h"

namespace cred {

NOTE_LIBRARY("libsystemd.so.0", "to speak to a keyring");

void load_systemd() {
  static const bool done = [] {
    const Library library("libsystemd.so.0");
    SYSTEMD_FUNCTIONS(TAKE_LIBRARY_FUNCTION)
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace cred
