// SPDX-License-Identifier: MIT
#include "platform/keyring/bus/dh_session.h"

#include <gmp.h>
#include <nettle/aes.h>
#include <nettle/cbc.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace cred {
namespace {

constexpr std::size_t kPrimeSize = 128;             // bytes
constexpr std::size_t kBlockSize = AES_BLOCK_SIZE;  // of AES-128, and the size of its key
constexpr std::size_t kLimbs = kPrimeSize / sizeof(mp_limb_t);
using Bytes = std::array<unsigned char, kPrimeSize>;
using Number = std::array<mp_limb_t, kLimbs>;  // the lowest limb first
using Hash = std::array<unsigned char, crypto_auth_hmacsha256_BYTES>;

// Twice the strength that the group has. A longer exponent would only cost time: RFC 7919, 5.2.
constexpr std::size_t kExponentSize = 32;

// The second Oakley group: RFC 2409, 6.2.
constexpr Bytes kPrime = {
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xC9, 0x0F, 0xDA, 0xA2, 0x21, 0x68, 0xC2, 0x34,
    0xC4, 0xC6, 0x62, 0x8B, 0x80, 0xDC, 0x1C, 0xD1, 0x29, 0x02, 0x4E, 0x08, 0x8A, 0x67, 0xCC, 0x74,
    0x02, 0x0B, 0xBE, 0xA6, 0x3B, 0x13, 0x9B, 0x22, 0x51, 0x4A, 0x08, 0x79, 0x8E, 0x34, 0x04, 0xDD,
    0xEF, 0x95, 0x19, 0xB3, 0xCD, 0x3A, 0x43, 0x1B, 0x30, 0x2B, 0x0A, 0x6D, 0xF2, 0x5F, 0x14, 0x37,
    0x4F, 0xE1, 0x35, 0x6D, 0x6D, 0x51, 0xC2, 0x45, 0xE4, 0x85, 0xB5, 0x76, 0x62, 0x5E, 0x7E, 0xC6,
    0xF4, 0x4C, 0x42, 0xE9, 0xA6, 0x37, 0xED, 0x6B, 0x0B, 0xFF, 0x5C, 0xB6, 0xF4, 0x06, 0xB7, 0xED,
    0xEE, 0x38, 0x6B, 0xFB, 0x5A, 0x89, 0x9F, 0xA5, 0xAE, 0x9F, 0x24, 0x11, 0x7C, 0x4B, 0x1F, 0xE6,
    0x49, 0x28, 0x66, 0x51, 0xEC, 0xE6, 0x53, 0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
constexpr unsigned char kGenerator = 2;

// Of a big-endian number of at most kPrimeSize bytes.
Number read_number(std::span<const unsigned char> bytes) {
  Number number = {};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    number[i / sizeof(mp_limb_t)] |= mp_limb_t{bytes[bytes.size() - 1 - i]}
                                     << (i % sizeof(mp_limb_t) * 8);
  }
  return number;
}

Bytes to_bytes(const Number& number) {
  Bytes bytes = {};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[bytes.size() - 1 - i] =
        static_cast<unsigned char>(number[i / sizeof(mp_limb_t)] >> (i % sizeof(mp_limb_t) * 8));
  }
  return bytes;
}

Hash hmac(std::span<const unsigned char> key, std::span<const unsigned char> text) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  crypto_auth_hmacsha256_update(&state, text.data(), text.size());
  Hash hash = {};
  crypto_auth_hmacsha256_final(&state, hash.data());
  wipe(&state, sizeof state);
  return hash;
}

// HKDF (RFC 5869) without salt and information, as far as one block of it.
Hash derive(std::span<const unsigned char> shared) {
  constexpr Hash kNoSalt = {};
  constexpr std::array<unsigned char, 1> kFirstBlock = {1};
  Hash extracted = hmac(kNoSalt, shared);
  const Hash expanded = hmac(extracted, kFirstBlock);
  wipe(extracted.data(), extracted.size());
  return expanded;
}

// Takes PKCS #7's padding off; nullopt if it is none.
std::optional<std::size_t> unpadded_size(std::span<const unsigned char> text) {
  const std::size_t padding = text.back();
  if (padding == 0 || padding > kBlockSize) return std::nullopt;
  for (const unsigned char byte : text.last(padding)) {
    if (byte != padding) return std::nullopt;
  }
  return text.size() - padding;
}

}  // namespace

struct DhSession::State {
  std::array<unsigned char, kExponentSize> exponent = {};
  Hash key = {};

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    wipe(exponent.data(), exponent.size());
    wipe(key.data(), key.size());
  }

  // In a time that does not depend on the exponent.
  [[nodiscard]] Bytes power(const Number& base) const {
    constexpr auto kExponentBits = kExponentSize * 8;
    const Number prime = read_number(kPrime);
    Number secret = read_number(exponent);
    Number result = {};
    std::vector<mp_limb_t> scratch(static_cast<std::size_t>(
        mpn_sec_powm_itch(kLimbs, kExponentBits, kLimbs)));  // wiped when it is freed
    mpn_sec_powm(result.data(), base.data(), kLimbs, secret.data(), kExponentBits, prime.data(),
                 kLimbs, scratch.data());
    const Bytes bytes = to_bytes(result);
    wipe(secret.data(), sizeof secret);
    wipe(result.data(), sizeof result);
    return bytes;
  }
};

DhSession::DhSession() : state_(std::make_unique<State>()) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
  randombytes_buf(state_->exponent.data(), state_->exponent.size());
  state_->exponent.front() |= 0x80;
}

DhSession::DhSession(std::span<const unsigned char, 32> exponent)
    : state_(std::make_unique<State>()) {
  std::ranges::copy(exponent, state_->exponent.begin());
}

DhSession::~DhSession() = default;

std::vector<unsigned char> DhSession::public_key() const {
  const Bytes bytes = state_->power(read_number({&kGenerator, 1}));
  return {std::ranges::find_if(bytes, [](unsigned char byte) { return byte != 0; }), bytes.end()};
}

bool DhSession::agree(std::span<const unsigned char> public_key) {
  if (public_key.size() > kPrimeSize) return false;
  const Number theirs = read_number(public_key);
  Number largest = read_number(kPrime);
  largest.front() -= 1;
  const Number one = {1};
  // With any other number the shared key would be one that everybody knows.
  if (mpn_cmp(theirs.data(), one.data(), kLimbs) <= 0 ||
      mpn_cmp(theirs.data(), largest.data(), kLimbs) >= 0) {
    return false;
  }
  Bytes shared = state_->power(theirs);
  state_->key = derive(shared);
  wipe(shared.data(), shared.size());
  return true;
}

DhSession::Encrypted DhSession::encrypt(const Secret& secret) const {
  Encrypted encrypted;
  encrypted.iv.resize(kBlockSize);
  randombytes_buf(encrypted.iv.data(), encrypted.iv.size());
  const std::string_view bytes = secret.reveal();
  encrypted.text.assign(bytes.begin(), bytes.end());
  const std::size_t padding = kBlockSize - bytes.size() % kBlockSize;
  encrypted.text.insert(encrypted.text.end(), padding, static_cast<unsigned char>(padding));
  aes128_ctx cipher = {};
  aes128_set_encrypt_key(&cipher, state_->key.data());
  auto chained = encrypted.iv;
  cbc_encrypt(&cipher, reinterpret_cast<nettle_cipher_func*>(aes128_encrypt), kBlockSize,
              chained.data(), encrypted.text.size(), encrypted.text.data(), encrypted.text.data());
  wipe(&cipher, sizeof cipher);
  return encrypted;
}

std::optional<Secret> DhSession::decrypt(std::span<const unsigned char> iv,
                                         std::span<const unsigned char> encrypted) const {
  if (iv.size() != kBlockSize || encrypted.empty() || encrypted.size() % kBlockSize != 0) {
    return std::nullopt;
  }
  aes128_ctx cipher = {};
  aes128_set_decrypt_key(&cipher, state_->key.data());
  std::vector<unsigned char> chained(iv.begin(), iv.end());
  std::vector<unsigned char> text(encrypted.size());  // wiped when it is freed
  cbc_decrypt(&cipher, reinterpret_cast<nettle_cipher_func*>(aes128_decrypt), kBlockSize,
              chained.data(), text.size(), text.data(), encrypted.data());
  wipe(&cipher, sizeof cipher);
  const auto size = unpadded_size(text);
  if (!size) return std::nullopt;
  return Secret({reinterpret_cast<const char*>(text.data()), *size});
}

}  // namespace cred
