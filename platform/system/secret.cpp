// SPDX-License-Identifier: MIT
#include "platform/system/secret.h"

#include <sodium.h>

#include <cstring>
#include <utility>

#include "platform/system/locked_bytes.h"

namespace cred {

void wipe(void* bytes, std::size_t size) noexcept {
  if (size != 0) explicit_bzero(bytes, size);
}

void wipe_stack() noexcept {
  constexpr std::size_t kDeepest = 32768;  // all that the program was seen to use
  sodium_stackzero(kDeepest);
}

Secret& Secret::operator=(Secret&& other) noexcept {
  wipe(bytes_.data(), bytes_.size());
  bytes_ = std::move(other.bytes_);
  return *this;
}

Secret::~Secret() { wipe(bytes_.data(), bytes_.size()); }

bool same_secret(const Secret& a, const Secret& b) noexcept {
  return same_bytes(as_bytes(a.reveal()), as_bytes(b.reveal()));
}

}  // namespace cred
