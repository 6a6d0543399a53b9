// SPDX-License-Identifier: MIT
#include "platform/locked_bytes.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <new>

namespace cred {
namespace {

unsigned char* allocate(std::size_t size) {
  if (sodium_init() < 0) throw std::bad_alloc();
  auto* bytes = static_cast<unsigned char*>(sodium_malloc(size));
  if (bytes == nullptr) throw std::bad_alloc();
  return bytes;
}

// Keys are small, and a few at a time: they share one locked page, which stays until the process
// ends, for each page more would cost ten system calls.
class SharedPage {
 public:
  static constexpr std::size_t kLargest = 64;

  // nullptr if it is full.
  unsigned char* take() {
    auto* const free = std::ranges::find(is_taken_, false);
    if (free == is_taken_.end()) return nullptr;
    if (begin_ == nullptr) begin_ = allocate(kLargest * is_taken_.size());
    *free = true;
    return begin_ + kLargest * static_cast<std::size_t>(free - is_taken_.begin());
  }

  // Whether `bytes` are of this page: then they are wiped, and free for others.
  bool give_back(unsigned char* bytes) noexcept {
    if (begin_ == nullptr || bytes < begin_ || bytes >= begin_ + kLargest * is_taken_.size()) {
      return false;
    }
    sodium_memzero(bytes, kLargest);
    is_taken_.at(static_cast<std::size_t>(bytes - begin_) / kLargest) = false;
    return true;
  }

 private:
  unsigned char* begin_ = nullptr;
  std::array<bool, 32> is_taken_ = {};
};

SharedPage& shared_page() {
  static SharedPage page;
  return page;
}

}  // namespace

LockedBytes::LockedBytes(std::size_t size) : size_(size) {
  if (size <= SharedPage::kLargest) data_ = shared_page().take();
  if (data_ == nullptr) data_ = allocate(size);
}

LockedBytes::LockedBytes(Bytes bytes) : LockedBytes(bytes.size()) {
  std::ranges::copy(bytes, data_);
}

LockedBytes::~LockedBytes() {
  if (!shared_page().give_back(data_)) sodium_free(data_);
}

LockedBytes LockedBytes::random(std::size_t size) {
  LockedBytes bytes(size);
  randombytes_buf(bytes.data(), size);
  return bytes;
}

}  // namespace cred
