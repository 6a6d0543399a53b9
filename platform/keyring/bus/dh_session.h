// SPDX-License-Identifier: MIT
// The cryptography of a Secret Service session, "dh-ietf1024-sha256-aes128-cbc-pkcs7": an
// agreement with the keyring on a key, and what it encrypts with that. No D-Bus here. Private to
// this folder. https://specifications.freedesktop.org/secret-service/latest/transfer-secrets.html
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "platform/system/secret.h"

namespace cred {

class DhSession {
 public:
  inline static constexpr const char* kAlgorithm = "dh-ietf1024-sha256-aes128-cbc-pkcs7";

  // Makes a pair of keys, whose public one every keyring takes and reads alike. Throws
  // Error(no_library).
  DhSession();

  // With this secret exponent, a big-endian number. Only for tests against known values.
  explicit DhSession(std::span<const unsigned char> exponent);
  DhSession(const DhSession&) = delete;
  DhSession& operator=(const DhSession&) = delete;
  ~DhSession();

  // Ours, for the keyring.
  [[nodiscard]] const std::vector<unsigned char>& public_key() const;

  // Takes the keyring's public key, which KWallet puts a zero before. False if no safe key can be
  // agreed on with it.
  [[nodiscard]] bool agree(std::span<const unsigned char> public_key);

  // Whether the number agreed on begins with zeros: KWallet derives another key from such a one
  // than the other keyrings do.
  [[nodiscard]] bool is_ambiguous() const;

  struct Encrypted {
    std::vector<unsigned char> iv;
    std::vector<unsigned char> text;
  };

  // After agree().
  [[nodiscard]] Encrypted encrypt(const Secret& secret) const;

  // After agree(). nullopt if this was not encrypted with the key agreed on.
  [[nodiscard]] std::optional<Secret> decrypt(std::span<const unsigned char> iv,
                                              std::span<const unsigned char> encrypted) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cred
