// SPDX-License-Identifier: MIT
#include "platform/system/locked_bytes.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <new>

namespace cred {
namespace {

unsigned char* allocate(std::size_t size) {
  if (sodium_init() < 0) throw std::bad_alloc();
  auto* bytes = static_cast<unsigned char*>(sodium_malloc(size));
  if (bytes == nullptr) throw std::bad_alloc();
  return bytes;
}

// Locked memory that all share who need little: keys, and what a vault of some hundred logins
// holds. It stays until the process ends, for to have it and to give it back costs a dozen system
// calls, which is more than all that is computed in it.
class Arena {
 public:
  // nullptr if there is no room for `size` bytes.
  unsigned char* take(std::size_t size) {
    const std::size_t wanted = std::max<std::size_t>((size + kSlot - 1) / kSlot, 1);
    auto* const room = std::search_n(slots_.begin(), slots_.end(), wanted, kFree);
    if (room == slots_.end()) return nullptr;
    if (begin_ == nullptr) begin_ = allocate(kSlot * slots_.size());
    std::fill_n(room, wanted, kInside);
    *room = static_cast<std::uint16_t>(wanted);
    return begin_ + kSlot * static_cast<std::size_t>(room - slots_.begin());
  }

  // Whether `bytes` are of this arena: then they are wiped, and free for others.
  bool give_back(unsigned char* bytes) noexcept {
    if (begin_ == nullptr || bytes < begin_ || bytes >= begin_ + kSlot * slots_.size()) {
      return false;
    }
    auto* const first = slots_.begin() + (bytes - begin_) / static_cast<std::ptrdiff_t>(kSlot);
    sodium_memzero(bytes, kSlot * *first);
    std::fill_n(first, *first, kFree);
    return true;
  }

 private:
  static constexpr std::size_t kSlot = 64;
  static constexpr std::uint16_t kFree = 0;
  static constexpr std::uint16_t kInside = 0xFFFF;

  unsigned char* begin_ = nullptr;
  std::array<std::uint16_t, 256> slots_ = {};  // the first of those taken says how many they are
};

Arena& arena() {
  static Arena shared;
  return shared;
}

}  // namespace

bool same_bytes(Bytes a, Bytes b) noexcept {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

LockedBytes::LockedBytes(std::size_t size) : data_(arena().take(size)), size_(size) {
  if (data_ == nullptr) data_ = allocate(size);
}

LockedBytes::LockedBytes(Bytes bytes) : LockedBytes(bytes.size()) {
  std::ranges::copy(bytes, data_);
}

LockedBytes::~LockedBytes() {
  if (!arena().give_back(data_)) sodium_free(data_);
}

LockedBytes LockedBytes::random(std::size_t size) {
  LockedBytes bytes(size);
  randombytes_buf(bytes.data(), size);
  return bytes;
}

}  // namespace cred
