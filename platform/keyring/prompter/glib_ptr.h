// SPDX-License-Identifier: MIT
// Owning pointers for GLib and libsecret, and the one place where a GError becomes an Error.
// Private to this folder.
#pragma once

#include <memory>

#include "platform/keyring/prompter/secret_library.h"
#include "platform/system/releaser.h"

namespace cred {

template <typename T>
using GObjectPtr = std::unique_ptr<T, Releaser<g_object_unref>>;
using GVariantPtr = std::unique_ptr<GVariant, Releaser<g_variant_unref>>;
using SecretValuePtr = std::unique_ptr<SecretValue, Releaser<secret_value_unref>>;
using GCharPtr = std::unique_ptr<gchar, Releaser<g_free>>;

// The GError** of one GLib call; throws what the call reported.
class GErrorSlot {
 public:
  GErrorSlot() = default;
  GErrorSlot(const GErrorSlot&) = delete;
  GErrorSlot& operator=(const GErrorSlot&) = delete;
  ~GErrorSlot() { g_clear_error(&error_); }

  GError** out() noexcept { return &error_; }
  void throw_if_set() const;

 private:
  GError* error_ = nullptr;
};

}  // namespace cred
