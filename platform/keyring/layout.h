// SPDX-License-Identifier: MIT
// The attributes of our items in a keyring, when it may ask, and the lock around that. Private to
// this folder.
#pragma once

#include <string>
#include <string_view>

#include "platform/keyring/bus/service.h"
#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/system/prompt_lock.h"

namespace cred {

// What every item of ours has: the layout of docker-credential-secretservice. The schema is an
// attribute like any other to the service; older items lack "label".
[[nodiscard]] const Attributes& our_attributes();

[[nodiscard]] Attributes with_server(Attributes attributes, std::string_view server);

// Empty if there is none of that name.
[[nodiscard]] std::string value_of(const Attributes& attributes, std::string_view name);

// Around every prompt, and every change, or writers of one server delete each other's items. The
// file lies in our state folder, or in the runtime folder where that cannot be written or locked.
[[nodiscard]] PromptLock lock_keyring(const Environment& environment,
                                      std::chrono::milliseconds limit);

}  // namespace cred
