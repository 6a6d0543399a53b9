// SPDX-License-Identifier: MIT
// The two keyring modules, each loaded when it is needed: nobody else in the program pays for what
// they link, or needs it installed. Private to this folder.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "platform/keyring/bus/service.h"

namespace cred {

// Both are sought where they were installed with this program and then in the program's own folder,
// and nowhere else; each connects to the bus. Throw Error(no_module) if the module is missing,
// cannot be loaded, or is another version's; else as the service and the asker do.

[[nodiscard]] std::unique_ptr<KeyringService> load_keyring_service(const std::string& bus_address,
                                                                   std::chrono::milliseconds limit);

[[nodiscard]] std::unique_ptr<KeyringPrompter> load_keyring_asker(const std::string& bus_address,
                                                                  const Limits& limits);

}  // namespace cred
