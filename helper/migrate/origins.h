// SPDX-License-Identifier: MIT
// Which file each credential leaves: the index keeps it, so that restore gives each back there.
#pragma once

#include <filesystem>
#include <span>

#include "helper/migrate/plan.h"
#include "platform/store/server_index.h"

namespace cred {

// Of what `plan` moves out of files; call it once the store has it. The first of its files are
// those at `paths`, what is behind them came from another helper.
void record_origins(const MigrationPlan& plan, std::span<const std::filesystem::path> paths,
                    ServerIndex& index);

}  // namespace cred
