// SPDX-License-Identifier: MIT
#include "platform/vault/format/format.h"

#include <sodium.h>

#include <utility>

#include "platform/system/error.h"

namespace cred {
namespace {

LockedBytes credentials_key(const LockedBytes& data_key) {
  LockedBytes key(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  static_assert(crypto_kdf_KEYBYTES == kDataKeySize);
  crypto_kdf_derive_from_key(key.data(), key.size(), 1, "dckvault", data_key.data());
  return key;
}

}  // namespace

bool is_key_of(const LockedBytes& data_key, const VaultHeader& header) {
  return same_bytes(as_bytes(commitment_to(data_key, header.id)), as_bytes(header.commitment));
}

VaultContents read_contents(std::string_view bytes, const VaultHeader& header,
                            const LockedBytes& data_key) {
  if (!is_key_of(data_key, header)) {
    throw Error(Errc::wrong_key, "this key is that of another vault");
  }
  const std::string_view clear = clear_part(bytes);
  auto plain = unseal(bytes.substr(clear.size()), clear, credentials_key(data_key).bytes());
  if (!plain) throw Error(Errc::vault_unsafe, "it is damaged, or was altered");
  return VaultContents(std::move(*plain));
}

std::string write_vault(const VaultHeader& header, const VaultCredentials& credentials,
                        const LockedBytes& data_key) {
  if (credentials.size() > kMostVaultCredentials) {
    throw Error(Errc::bad_request, "the vault holds no more than " +
                                       std::to_string(kMostVaultCredentials) + " logins");
  }
  std::string bytes = write_header(header);
  bytes += seal(as_bytes(encode(credentials)), bytes, credentials_key(data_key));
  if (bytes.size() > kLargestVault) {
    throw Error(Errc::bad_request, "the vault cannot be larger than 64 MiB");
  }
  return bytes;
}

}  // namespace cred
