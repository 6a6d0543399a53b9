// SPDX-License-Identifier: MIT
// Bounded waiting for GLib's asynchronous calls. Private to this folder.
#pragma once

#include <chrono>
#include <functional>

#include "platform/keyring/prompter/glib_ptr.h"

namespace cred {

// Starts the call; hands it these three arguments.
using AsyncStart = std::function<void(GCancellable*, GAsyncReadyCallback, gpointer)>;

// Runs one asynchronous call to its end and returns what its …_finish() function takes. Past
// `limit` the call is cancelled and Error(timed_out) thrown; one that does not end even then is
// left behind.
[[nodiscard]] GObjectPtr<GAsyncResult> wait_for(std::chrono::milliseconds limit,
                                                const AsyncStart& start);

}  // namespace cred
