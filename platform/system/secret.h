// SPDX-License-Identifier: MIT
// A secret in memory: wiped when it goes, and never printed by accident.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace cred {

// Overwrites `size` bytes; the compiler may not leave it out.
void wipe(void* bytes, std::size_t size) noexcept;

// Overwrites what functions that have returned left on the stack, as the buffers of a library do.
void wipe_stack() noexcept;

// Any bytes. Move-only; no operator<<, no ==, no conversion: reveal() alone gives them out.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept = default;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  // Valid as long as this Secret is.
  [[nodiscard]] std::string_view reveal() const noexcept { return {bytes_.data(), bytes_.size()}; }
  [[nodiscard]] Secret copy() const { return Secret(reveal()); }
  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }

 private:
  // Not a string: a short string lives inside the object, where a move leaves a copy behind.
  std::vector<char> bytes_;
};

// Compares in a time that depends on the lengths alone.
[[nodiscard]] bool same_secret(const Secret& a, const Secret& b) noexcept;

}  // namespace cred
