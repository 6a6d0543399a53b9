// SPDX-License-Identifier: MIT
// What the store will give for a host once a migration is done. Private to helper/migrate.
#pragma once

#include "helper/files/containers_lookup.h"
#include "helper/migrate/plan.h"
#include "platform/store/store.h"

namespace cred {

// Looks each host up once. `plan` and `store` outlive it.
[[nodiscard]] StoreAnswers answers_after(const MigrationPlan& plan, Store& store);

}  // namespace cred
