// SPDX-License-Identifier: MIT
#include "platform/vault/sealing.h"

#include <sodium.h>

namespace cred {
namespace {

static_assert(kNonceSize == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(kTagSize == crypto_aead_xchacha20poly1305_ietf_ABYTES);

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string seal(Bytes plain, std::string_view associated, const LockedBytes& key) {
  std::string sealed = random_bytes(kNonceSize);
  sealed.resize(kNonceSize + plain.size() + kTagSize);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(sealed) + kNonceSize, nullptr, plain.data(),
                                             plain.size(), bytes_of(associated), associated.size(),
                                             nullptr, bytes_of(sealed), key.data());
  return sealed;
}

std::optional<LockedBytes> unseal(std::string_view sealed, std::string_view associated, Bytes key) {
  if (sealed.size() < kNonceSize + kTagSize) return std::nullopt;
  LockedBytes plain(sealed.size() - kNonceSize - kTagSize);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          plain.data(), nullptr, nullptr, bytes_of(sealed) + kNonceSize, sealed.size() - kNonceSize,
          bytes_of(associated), associated.size(), bytes_of(sealed), key.data()) != 0) {
    return std::nullopt;
  }
  return plain;
}

std::string commitment_to(const LockedBytes& data_key, std::string_view id) {
  constexpr std::string_view kPersonal = "dckv1 commitment";
  static_assert(kPersonal.size() == crypto_generichash_blake2b_PERSONALBYTES);
  std::string commitment(crypto_generichash_blake2b_BYTES, '\0');
  crypto_generichash_blake2b_salt_personal(bytes_of(commitment), commitment.size(), bytes_of(id),
                                           id.size(), data_key.data(), data_key.size(), nullptr,
                                           bytes_of(kPersonal));
  return commitment;
}

std::string to_hex(std::string_view bytes) {
  std::string hex(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes_of(bytes), bytes.size());
  hex.pop_back();  // the NUL
  return hex;
}

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  randombytes_buf(bytes.data(), size);
  return bytes;
}

Bytes as_bytes(std::string_view text) { return {bytes_of(text), text.size()}; }

}  // namespace cred
