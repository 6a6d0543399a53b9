// SPDX-License-Identifier: MIT
// The keyring module, loaded when it is needed: nobody else in the program pays for GLib, or needs
// it installed. Private to this folder.
#pragma once

#include <memory>
#include <string>

#include "platform/keyring_service.h"

namespace cred {

// A service of the module, which is sought where it was installed with this program and then in the
// program's own folder, and nowhere else. Connects to the bus. Throws Error(no_module) if the
// module is missing, cannot be loaded, or is another version's; else as the service does.
[[nodiscard]] std::unique_ptr<KeyringService> load_keyring_service(const std::string& bus_address,
                                                                   const Limits& limits);

}  // namespace cred
