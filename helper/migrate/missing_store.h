// SPDX-License-Identifier: MIT
// A machine that has no store for what is to be migrated, or none that docker could ask. Private to
// helper/migrate.
#pragma once

#include <string>

#include "helper/cli/command.h"
#include "helper/migrate/plan.h"
#include "platform/store/settings.h"
#include "platform/store/store.h"

namespace cred {

// What a plan needs and this machine does not have.
enum class Lack { nothing, store_for_logins, store_to_ask };

// `for_everybody`: those whom --system sets up have stores of their own.
[[nodiscard]] Lack lack_of(const MigrationPlan& plan, bool for_everybody, Store& store);

// With the command that makes one.
[[nodiscard]] std::string why_no_store(Store& store);

// On a machine without a keyring, with somebody at the terminal: makes the vault that they choose.
// False if there is a vault already, also elsewhere, or nobody to ask.
[[nodiscard]] bool offer_vault(const Settings& settings, const CommandContext& context);

}  // namespace cred
