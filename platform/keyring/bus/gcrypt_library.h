// SPDX-License-Identifier: MIT
// The functions of libgcrypt that are used, loaded at run time. Private to this folder.
#pragma once

#include <gcrypt.h>

#include "platform/system/library.h"

// NOLINTBEGIN(cppcoreguidelines-macro-usage, cppcoreguidelines-avoid-non-const-global-variables)
// clang-format off
#define GCRYPT_FUNCTIONS(use) \
  use(gcry_check_version) use(gcry_control) use(gcry_strerror) use(gcry_create_nonce) \
  use(gcry_mpi_scan) use(gcry_mpi_print) use(gcry_mpi_snew) use(gcry_mpi_copy) \
  use(gcry_mpi_release) use(gcry_mpi_set_ui) use(gcry_mpi_set_bit) use(gcry_mpi_sub_ui) \
  use(gcry_mpi_cmp) use(gcry_mpi_cmp_ui) use(gcry_mpi_powm) use(gcry_mpi_randomize) \
  use(gcry_mac_open) use(gcry_mac_setkey) use(gcry_mac_write) use(gcry_mac_read) \
  use(gcry_mac_close) use(gcry_cipher_open) use(gcry_cipher_setkey) use(gcry_cipher_setiv) \
  use(gcry_cipher_encrypt) use(gcry_cipher_decrypt) use(gcry_cipher_close)
// clang-format on

namespace cred {

GCRYPT_FUNCTIONS(DECLARE_LIBRARY_FUNCTION)

// Before any of them is called. Throws Error(no_library).
void load_gcrypt();

}  // namespace cred
// NOLINTEND(cppcoreguidelines-macro-usage, cppcoreguidelines-avoid-non-const-global-variables)
