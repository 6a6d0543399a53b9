// SPDX-License-Identifier: MIT
#include "platform/locked_bytes.h"

#include <sodium.h>

#include <algorithm>
#include <new>

namespace cred {

LockedBytes::LockedBytes(std::size_t size) : size_(size) {
  if (sodium_init() < 0) throw std::bad_alloc();
  // One byte at least, so that data() is never null.
  data_ = static_cast<unsigned char*>(sodium_malloc(std::max<std::size_t>(size, 1)));
  if (data_ == nullptr) throw std::bad_alloc();
}

LockedBytes::LockedBytes(Bytes bytes) : LockedBytes(bytes.size()) {
  std::ranges::copy(bytes, data_);
}

LockedBytes::~LockedBytes() { sodium_free(data_); }

LockedBytes LockedBytes::random(std::size_t size) {
  LockedBytes bytes(size);
  randombytes_buf(bytes.data(), size);
  return bytes;
}

}  // namespace cred
