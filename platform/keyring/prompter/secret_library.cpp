// SPDX-License-Identifier: MIT
#include "platform/keyring/prompter/secret_library.h"

namespace cred {

NOTE_LIBRARY("libsecret-1.so.0", "to ask the user to unlock a keyring");

void load_libsecret() {
  static const bool done = [] {
    const Library library("libsecret-1.so.0");
    SECRET_FUNCTIONS(TAKE_LIBRARY_FUNCTION)
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace cred
