// SPDX-License-Identifier: MIT
// Turns a C release function, or a pointer to one that is loaded at run time, into a unique_ptr
// deleter.
#pragma once

namespace cred {

template <auto& Release>
struct Releaser {
  template <typename T>
  void operator()(T* p) const noexcept {
    Release(p);
  }
};

}  // namespace cred
