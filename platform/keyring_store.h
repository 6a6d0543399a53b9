// SPDX-License-Identifier: MIT
// The Store in the OS keyring, shared with docker-credential-secretservice: each reads, replaces
// and erases what the other stored.
#pragma once

#include <chrono>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include "platform/environment.h"
#include "platform/settings.h"
#include "platform/store.h"

namespace cred {

// What to do about Errc::no_module.
inline constexpr std::string_view kModuleCure =
    "install docker-credential-keyring again, whole, and libsecret (libsecret-1-0); or use the "
    "vault";

// A keyring, which can say whether it is of use now.
class Keyring : public Store {
 public:
  // Whether a credential could be stored now, or once the user has answered a prompt that may be
  // shown; decided within `limit` altogether. Never asks, never fails. `why_not` says what stands
  // in the way, for people, and is empty otherwise. Later calls repeat the first answer.
  virtual bool is_usable(std::chrono::milliseconds limit, std::string& why_not) = 0;
};

// Touches nothing yet: the bus is looked for at the first use, and where there is one the keyring
// module is loaded. Explanations that are no failure go to `notes`, which must outlive the store.
[[nodiscard]] std::unique_ptr<Keyring> open_keyring_store(const Environment& environment,
                                                          const Settings& settings,
                                                          std::ostream& notes);

}  // namespace cred
