// SPDX-License-Identifier: MIT
// The functions of OpenSSL's libcrypto that are used, loaded at run time. Private to this folder.
#pragma once

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "platform/system/library.h"

// NOLINTBEGIN(cppcoreguidelines-macro-usage, cppcoreguidelines-avoid-non-const-global-variables)
// NOLINTBEGIN(readability-identifier-naming): OpenSSL has its own
#define CRYPTO_FUNCTIONS(use)                                                                      \
  use(BIO_new_mem_buf) use(BIO_free) use(PEM_read_bio_X509) use(X509_free) use(X509_get0_notAfter) \
      use(X509_get_subject_name) use(X509_NAME_get_text_by_NID) use(ASN1_TIME_to_tm)

namespace cred {

CRYPTO_FUNCTIONS(DECLARE_LIBRARY_FUNCTION)

// Before any of them is called. Throws Error(no_library).
void load_crypto();

}  // namespace cred
// NOLINTEND(readability-identifier-naming)
// NOLINTEND(cppcoreguidelines-macro-usage, cppcoreguidelines-avoid-non-const-global-variables)
