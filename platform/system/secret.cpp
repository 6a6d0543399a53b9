// SPDX-License-Identifier: MIT
#include "platform/system/secret.h"

#include <cstring>
#include <utility>

namespace cred {

void wipe(void* bytes, std::size_t size) noexcept {
  if (size != 0) explicit_bzero(bytes, size);
}

Secret& Secret::operator=(Secret&& other) noexcept {
  wipe(bytes_.data(), bytes_.size());
  bytes_ = std::move(other.bytes_);
  return *this;
}

Secret::~Secret() { wipe(bytes_.data(), bytes_.size()); }

bool same_secret(const Secret& a, const Secret& b) noexcept {
  const std::string_view left = a.reveal();
  const std::string_view right = b.reveal();
  if (left.size() != right.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    difference |= static_cast<unsigned char>(left[i] ^ right[i]);
  }
  return difference == 0;
}

}  // namespace cred
