// SPDX-License-Identifier: MIT
// The one check of doctor that stores something: a credential of no value, which is erased again.
#pragma once

#include <optional>

#include "helper/doctor/doctor.h"
#include "platform/store/settings.h"
#include "platform/system/environment.h"

namespace cred {

// Stores, reads, lists and erases it in the store that would take a new credential. Asks nobody.
// nullopt if all went well. What it stored is erased also where something fails.
[[nodiscard]] std::optional<Finding> try_round_trip(const Environment& environment,
                                                    const Settings& settings);

}  // namespace cred
