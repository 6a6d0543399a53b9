// SPDX-License-Identifier: MIT
// A migration plan as text for people, as JSON for scripts, and as an exit status. No secret is in
// any of them.
#pragma once

#include <iosfwd>

#include "helper/migrate/plan.h"
#include "platform/system/environment.h"
#include "platform/text/notes.h"

namespace cred {

enum class Tense { planned, done };

void print_table(const MigrationPlan& plan, Tense tense, const Notes& out, std::size_t width,
                 const Environment& environment);
void print_json(const MigrationPlan& plan, Tense tense, std::ostream& out);

// exit_done, exit_partial where a credential stays in a file, exit_failed where nothing could be
// done.
[[nodiscard]] int exit_status(const MigrationPlan& plan);

}  // namespace cred
