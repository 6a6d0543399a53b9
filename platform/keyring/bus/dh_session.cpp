// SPDX-License-Identifier: MIT
#include "platform/keyring/bus/dh_session.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "platform/keyring/bus/gcrypt_library.h"
#include "platform/system/library.h"
#include "platform/system/locked_bytes.h"

namespace cred {
namespace {

using Mpi = std::unique_ptr<gcry_mpi, Releaser<gcry_mpi_release>>;
using Cipher = std::unique_ptr<gcry_cipher_handle, Releaser<gcry_cipher_close>>;
using Mac = std::unique_ptr<gcry_mac_handle, Releaser<gcry_mac_close>>;

constexpr std::size_t kPrimeSize = 128;  // bytes
constexpr std::size_t kHashSize = 32;
constexpr std::size_t kBlockSize = 16;  // of AES, and the size of its key
using Hash = std::array<unsigned char, kHashSize>;

// Twice the strength that the group has. A longer exponent would only cost time: RFC 7919, 5.2.
constexpr unsigned kExponentBits = 256;

// The second Oakley group: RFC 2409, 6.2.
constexpr const char* kPrime =
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
    "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
    "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF";
constexpr unsigned kGenerator = 2;

// None of these fails but for a fault of the program or of the library.
void expect_done(gcry_error_t error) {
  if (error != 0) throw std::runtime_error(gcry_strerror(error));
}

// Secure memory is wiped when it is freed, and locked where the system allows that.
void start_library() {
  constexpr int kSecureBytes = 16384;
  load_gcrypt();
  if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P) != 0) return;
  gcry_check_version(nullptr);
  gcry_control(GCRYCTL_DISABLE_SECMEM_WARN);
  gcry_control(GCRYCTL_INIT_SECMEM, kSecureBytes, 0);
  gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}

Mpi read_number(std::span<const unsigned char> bytes) {
  gcry_mpi_t number = nullptr;
  expect_done(gcry_mpi_scan(&number, GCRYMPI_FMT_USG, bytes.data(), bytes.size(), nullptr));
  return Mpi(number);
}

Mpi read_prime() {
  gcry_mpi_t prime = nullptr;
  expect_done(gcry_mpi_scan(&prime, GCRYMPI_FMT_HEX, kPrime, 0, nullptr));
  return Mpi(prime);
}

// The digits of `number`, which has kPrimeSize bytes at most, as many as it needs.
std::vector<unsigned char> digits_of(const Mpi& number) {
  std::vector<unsigned char> digits(kPrimeSize);
  std::size_t size = 0;
  expect_done(gcry_mpi_print(GCRYMPI_FMT_USG, digits.data(), digits.size(), &size, number.get()));
  digits.resize(size);
  return digits;
}

Hash hmac(std::span<const unsigned char> key, std::span<const unsigned char> text) {
  gcry_mac_hd_t opened = nullptr;
  expect_done(gcry_mac_open(&opened, GCRY_MAC_HMAC_SHA256, GCRY_MAC_FLAG_SECURE, nullptr));
  const Mac mac(opened);
  expect_done(gcry_mac_setkey(mac.get(), key.data(), key.size()));
  expect_done(gcry_mac_write(mac.get(), text.data(), text.size()));
  Hash hash = {};
  std::size_t size = hash.size();
  expect_done(gcry_mac_read(mac.get(), hash.data(), &size));
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

// KWallet refuses a key of fewer digits than the prime has, and takes one whose first bit is set
// for negative: where nine are, it loses the first byte.
bool is_read_alike(std::span<const unsigned char> key) {
  return key.size() == kPrimeSize && (key[0] != 0xff || key[1] < 0x80);
}

// Takes PKCS #7's padding off; nullopt if it is none.
std::optional<std::size_t> unpadded_size(std::span<const unsigned char> text) {
  const std::size_t padding = text.back();
  if (padding == 0 || padding > kBlockSize) return std::nullopt;
  const bool is_whole =
      std::ranges::all_of(text.last(padding), [&](unsigned char byte) { return byte == padding; });
  return is_whole ? std::optional(text.size() - padding) : std::nullopt;
}

}  // namespace

DEFINE_LIBRARY(load_gcrypt, GCRYPT_FUNCTIONS, "libgcrypt.so.20", "keyring",
               "to encrypt what is sent to a keyring")

struct DhSession::State {
  Mpi prime = read_prime();
  Mpi exponent;
  Hash key = {};
  std::vector<unsigned char> public_key;
  bool is_ambiguous = false;

  explicit State(Mpi secret) : exponent(std::move(secret)) {
    const Mpi generator(gcry_mpi_set_ui(nullptr, kGenerator));
    public_key = digits_of(power(generator.get()));
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { wipe(key.data(), key.size()); }

  [[nodiscard]] Cipher cipher(std::span<const unsigned char> iv) const {
    gcry_cipher_hd_t opened = nullptr;
    expect_done(
        gcry_cipher_open(&opened, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_CBC, GCRY_CIPHER_SECURE));
    Cipher cipher(opened);
    expect_done(gcry_cipher_setkey(cipher.get(), key.data(), kBlockSize));
    expect_done(gcry_cipher_setiv(cipher.get(), iv.data(), iv.size()));
    return cipher;
  }

  [[nodiscard]] Mpi power(gcry_mpi_t base) const {
    Mpi result(gcry_mpi_snew(0));
    gcry_mpi_powm(result.get(), base, exponent.get(), prime.get());
    return result;
  }
};

DhSession::DhSession() {
  start_library();
  do {
    Mpi exponent(gcry_mpi_snew(kExponentBits));
    gcry_mpi_randomize(exponent.get(), kExponentBits, GCRY_STRONG_RANDOM);
    gcry_mpi_set_bit(exponent.get(), kExponentBits - 1);
    state_ = std::make_unique<State>(std::move(exponent));
  } while (!is_read_alike(state_->public_key));
}

DhSession::DhSession(std::span<const unsigned char> exponent) {
  start_library();
  state_ = std::make_unique<State>(read_number(exponent));
}

DhSession::~DhSession() = default;

const std::vector<unsigned char>& DhSession::public_key() const { return state_->public_key; }

bool DhSession::agree(std::span<const unsigned char> public_key) {
  const auto start = std::ranges::find_if(public_key, [](auto byte) { return byte != 0; });
  const std::span digits_of_theirs(start, public_key.end());
  if (digits_of_theirs.empty() || digits_of_theirs.size() > kPrimeSize) return false;
  const Mpi theirs = read_number(digits_of_theirs);
  const Mpi largest(gcry_mpi_copy(state_->prime.get()));
  gcry_mpi_sub_ui(largest.get(), largest.get(), 1);
  // With any other number the shared key would be one that everybody knows.
  if (gcry_mpi_cmp_ui(theirs.get(), 1) <= 0 || gcry_mpi_cmp(theirs.get(), largest.get()) >= 0) {
    return false;
  }
  std::array<unsigned char, kPrimeSize> shared = {};
  auto digits = digits_of(state_->power(theirs.get()));
  state_->is_ambiguous = digits.size() < kPrimeSize;
  std::ranges::copy_backward(digits, shared.end());
  state_->key = derive(shared);
  wipe(shared.data(), shared.size());
  wipe(digits.data(), digits.size());
  return true;
}

bool DhSession::is_ambiguous() const { return state_->is_ambiguous; }

DhSession::Encrypted DhSession::encrypt(const Secret& secret) const {
  Encrypted encrypted;
  encrypted.iv.resize(kBlockSize);
  gcry_create_nonce(encrypted.iv.data(), encrypted.iv.size());
  const std::string_view bytes = secret.reveal();
  encrypted.text.assign(bytes.begin(), bytes.end());
  const std::size_t padding = kBlockSize - bytes.size() % kBlockSize;
  encrypted.text.insert(encrypted.text.end(), padding, static_cast<unsigned char>(padding));
  expect_done(gcry_cipher_encrypt(state_->cipher(encrypted.iv).get(), encrypted.text.data(),
                                  encrypted.text.size(), nullptr, 0));
  return encrypted;
}

std::optional<Secret> DhSession::decrypt(std::span<const unsigned char> iv,
                                         std::span<const unsigned char> encrypted) const {
  if (iv.size() != kBlockSize || encrypted.empty() || encrypted.size() % kBlockSize != 0) {
    return std::nullopt;
  }
  const Cipher cipher = state_->cipher(iv);
  std::vector<unsigned char> text(encrypted.size());  // wiped when it is freed
  expect_done(gcry_cipher_decrypt(cipher.get(), text.data(), text.size(), encrypted.data(),
                                  encrypted.size()));
  const auto size = unpadded_size(text);
  if (!size) return std::nullopt;
  return Secret(as_text(text).substr(0, *size));
}

}  // namespace cred
