// SPDX-License-Identifier: MIT
#include "platform/keyring/bus/gcrypt_library.h"

namespace cred {

NOTE_LIBRARY("libgcrypt.so.20", "to encrypt what is sent to a keyring");

void load_gcrypt() {
  static const bool done = [] {
    const Library library("libgcrypt.so.20");
    GCRYPT_FUNCTIONS(TAKE_LIBRARY_FUNCTION)
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace cred
