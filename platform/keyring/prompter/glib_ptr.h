// SPDX-License-Identifier: MIT
// Owning pointers for GLib and libsecret, and the one place where a GError becomes an Error.
// Private to this folder.
#pragma once

#include <gio/gio.h>

#include <memory>

#define SECRET_API_SUBJECT_TO_CHANGE  // libsecret's calls on D-Bus paths, stable since 2012
#include <libsecret/secret.h>

#include "platform/system/releaser.h"

namespace cred {

template <typename T>
using GObjectPtr = std::unique_ptr<T, Releaser<g_object_unref>>;
using GVariantPtr = std::unique_ptr<GVariant, Releaser<g_variant_unref>>;
using GVariantIterPtr = std::unique_ptr<GVariantIter, Releaser<g_variant_iter_free>>;
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
