// SPDX-License-Identifier: MIT
#include "platform/vault/format/sealing.h"

#include <sodium.h>

namespace cred {
namespace {

static_assert(kNonceSize == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(kTagSize == crypto_aead_xchacha20poly1305_ietf_ABYTES);

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string seal(Bytes plain, std::string_view associated, const LockedBytes& key) {
  std::string sealed = random_bytes(kNonceSize);
  sealed.resize(kNonceSize + plain.size() + kTagSize);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      bytes_of(sealed) + kNonceSize, nullptr, plain.data(), plain.size(),
      as_bytes(associated).data(), associated.size(), nullptr, bytes_of(sealed), key.data());
  return sealed;
}

std::optional<LockedBytes> unseal(std::string_view sealed, std::string_view associated, Bytes key) {
  if (sealed.size() < kNonceSize + kTagSize) return std::nullopt;
  LockedBytes plain(sealed.size() - kNonceSize - kTagSize);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          plain.data(), nullptr, nullptr, as_bytes(sealed).data() + kNonceSize,
          sealed.size() - kNonceSize, as_bytes(associated).data(), associated.size(),
          as_bytes(sealed).data(), key.data()) != 0) {
    return std::nullopt;
  }
  return plain;
}

std::string commitment_to(const LockedBytes& data_key, std::string_view id) {
  constexpr std::string_view kPersonal = "dckv1 commitment";
  static_assert(kPersonal.size() == crypto_generichash_blake2b_PERSONALBYTES);
  std::string commitment(crypto_generichash_blake2b_BYTES, '\0');
  crypto_generichash_blake2b_salt_personal(bytes_of(commitment), commitment.size(),
                                           as_bytes(id).data(), id.size(), data_key.data(),
                                           data_key.size(), nullptr, as_bytes(kPersonal).data());
  return commitment;
}

std::string to_hex(std::string_view bytes) {
  std::string hex(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), as_bytes(bytes).data(), bytes.size());
  hex.pop_back();  // the NUL
  return hex;
}

std::optional<std::string> from_hex(std::string_view hex, std::size_t size) {
  std::string bytes(size, '\0');
  if (sodium_hex2bin(bytes_of(bytes), size, hex.data(), hex.size(), nullptr, nullptr, nullptr) !=
          0 ||
      to_hex(bytes) != hex) {
    return std::nullopt;
  }
  return bytes;
}

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  randombytes_buf(bytes.data(), size);
  return bytes;
}

}  // namespace cred
