// SPDX-License-Identifier: MIT
// What a migration says on stderr of the files that it found, once it is done.
#pragma once

#include <span>

#include "helper/cli/command.h"
#include "helper/migrate/plan.h"
#include "helper/migrate/run.h"

namespace cred {

// What spoils the work from outside: variables that docker takes over the store, a keyring without
// a password, plaintext beside the files, docker's snap.
void warn_of_surroundings(std::span<const MigrationFile> files, const CommandContext& context);

// Files of `plan` that are not, by now, as they were written.
void warn_of_late_writers(const MigrationPlan& plan, std::span<const MigrationFile> files,
                          const CommandContext& context);

// Other names of what was replaced, which keep the plaintext.
void warn_of_other_names(const MigrationPlan& plan, std::span<const MigrationFile> files,
                         const CommandContext& context);

// Without credsStore docker picks a helper by itself as soon as there is nothing in the file.
void note_rival(const MigrationPlan& plan, const CommandContext& context);

}  // namespace cred
