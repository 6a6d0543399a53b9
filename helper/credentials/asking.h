// SPDX-License-Identifier: MIT
// Who asks this program for a credential, by the files of docker and its family.
#pragma once

#include <string>
#include <vector>

#include "platform/system/environment.h"

namespace cred {

// Those of docker and podman's family that are used here and do not ask this program for `server`,
// for people: "docker", "podman, skopeo and buildah". Of whom that cannot be known, nothing is
// said.
[[nodiscard]] std::vector<std::string> who_does_not_ask(const std::string& server,
                                                        const Environment& environment);

}  // namespace cred
