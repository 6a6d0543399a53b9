// SPDX-License-Identifier: MIT
// Owning pointers for GLib and libsecret, bounded waiting for asynchronous calls, and the one place
// where a GError becomes an Error. Private to this folder.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "platform/keyring/prompter/secret_library.h"
#include "platform/system/library.h"

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

  // Whether the service itself answered with it.
  [[nodiscard]] bool is_answer() const;

 private:
  GError* error_ = nullptr;
};

// Starts the call; hands it these three arguments.
using AsyncStart = std::function<void(GCancellable*, GAsyncReadyCallback, gpointer)>;

// Runs one asynchronous call to its end and returns what its …_finish() function takes. Past
// `limit`, or once `is_vain` has become true, the call is cancelled and Error(timed_out) thrown;
// one that does not end even then is left behind.
[[nodiscard]] GObjectPtr<GAsyncResult> wait_for(std::chrono::milliseconds limit,
                                                const AsyncStart& start,
                                                const bool& is_vain = false);

// Of a call whose own arguments are `arguments`.
template <typename Call, typename... Arguments>
[[nodiscard]] GObjectPtr<GAsyncResult> wait_for(std::chrono::milliseconds limit, Call call,
                                                Arguments... arguments) {
  return wait_for(
      limit, AsyncStart([&](GCancellable* cancellable, GAsyncReadyCallback ready, gpointer data) {
        call(arguments..., cancellable, ready, data);
      }));
}

}  // namespace cred
