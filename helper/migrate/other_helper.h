// SPDX-License-Identifier: MIT
// The credentials of another credential helper: read for a migration, and erased there after it.
#pragma once

#include <span>
#include <string>

#include "helper/migrate/plan.h"
#include "platform/store/store.h"
#include "platform/system/environment.h"

namespace cred {

// Throws Error(bad_request) for a helper that keeps nothing, but makes tokens when it is asked.
void refuse_token_maker(const Environment& environment, const std::string& helper);

// All that `source`, the helper of that name, lists, and what `files` name besides, in case it does
// not list everything. `files` must leave room for us: throws bad_request for one in which docker
// asks a third helper for everything. Throws the helper's own failure if none can be read, and
// timed_out at once: whoever did not answer once would not the next time.
[[nodiscard]] HelperCredentials read_helper_credentials(const std::string& helper, Store& source,
                                                        std::span<const SourceFile> files);

// Erases at their source those of `from` that `plan` has moved, each only if `store` gives
// it back still and the source has no other one by now, and makes sure that they are gone. What
// stays is said in `plan`; a failure is no reason to call the migration one. Returns false, and
// erases nothing, if the two are one store: the only copy would be gone.
[[nodiscard]] bool erase_at_source(MigrationPlan& plan, const HelperCredentials& from,
                                   Store& store);

}  // namespace cred
