// SPDX-License-Identifier: MIT
// Every block that C++ frees is wiped first: a secret passes through strings of the JSON and the
// standard library, which know nothing of wiping. Linked into the program alone.
#include <malloc.h>

#include <cstdlib>
#include <new>

#include "platform/system/secret.h"

namespace {

void wipe_and_free(void* block) noexcept {
  if (block == nullptr) return;
  cred::wipe(block, malloc_usable_size(block));
  std::free(block);  // NOLINT(cppcoreguidelines-no-malloc): this is what delete is made of
}

}  // namespace

// All forms, or a block of one kind would be freed by another.
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return std::malloc(size == 0 ? 1 : size);  // NOLINT(cppcoreguidelines-no-malloc): as above
}
void* operator new(std::size_t size) {
  if (void* block = operator new(size, std::nothrow)) return block;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept {
  return operator new(size, tag);
}
void operator delete(void* block) noexcept { wipe_and_free(block); }
void operator delete[](void* block) noexcept { wipe_and_free(block); }
void operator delete(void* block, std::size_t /*size*/) noexcept { wipe_and_free(block); }
void operator delete[](void* block, std::size_t /*size*/) noexcept { wipe_and_free(block); }
void operator delete(void* block, const std::nothrow_t& /*tag*/) noexcept { wipe_and_free(block); }
void operator delete[](void* block, const std::nothrow_t& /*tag*/) noexcept {
  wipe_and_free(block);
}
