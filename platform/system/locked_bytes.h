// SPDX-License-Identifier: MIT
// Bytes that must not reach the disk: keys, passphrases. Between guard pages (small ones share
// them), left out of core dumps, wiped when they go, and locked into memory where the system allows
// it. Not for several threads.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace cred {

using Bytes = std::span<const unsigned char>;

[[nodiscard]] inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Compares in a time that depends on the sizes alone.
[[nodiscard]] bool same_bytes(Bytes a, Bytes b) noexcept;

class LockedBytes {
 public:
  explicit LockedBytes(std::size_t size);
  explicit LockedBytes(Bytes bytes);
  LockedBytes(const LockedBytes&) = delete;
  LockedBytes& operator=(const LockedBytes&) = delete;
  LockedBytes(LockedBytes&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  LockedBytes& operator=(LockedBytes&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~LockedBytes();

  [[nodiscard]] static LockedBytes random(std::size_t size);

  [[nodiscard]] unsigned char* data() noexcept { return data_; }
  [[nodiscard]] const unsigned char* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] Bytes bytes() const noexcept { return {data_, size_}; }
  void shorten(std::size_t size) noexcept { size_ = size; }

 private:
  unsigned char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace cred
