// SPDX-License-Identifier: MIT
// No part of the program. It is linked to the libraries that the program loads at run time, and
// refers to the functions that are taken of them, so that dpkg-shlibdeps finds their packages and
// versions.
#include "platform/keyring/bus/gcrypt_library.h"
#include "platform/keyring/bus/systemd_library.h"
#include "platform/keyring/prompter/secret_library.h"
#include "platform/vault/place/crypto_library.h"
#include "platform/vault/place/curl_library.h"

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage)
#define REFER_TO(name) reinterpret_cast<const void*>(&::name),

extern const void* const kReferences[];
const void* const kReferences[] = {SYSTEMD_FUNCTIONS(REFER_TO) GCRYPT_FUNCTIONS(
    REFER_TO) SECRET_FUNCTIONS(REFER_TO) CURL_FUNCTIONS(REFER_TO) CRYPTO_FUNCTIONS(REFER_TO)};
