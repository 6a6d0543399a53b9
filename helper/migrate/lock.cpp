// SPDX-License-Identifier: MIT
#include "helper/migrate/lock.h"

#include <chrono>
#include <utility>

#include "platform/system/error.h"

namespace cred {

FileLock wait_for_other_migrations(const Environment& environment) {
  constexpr std::chrono::minutes kLimit(5);
  make_private_folder(environment.state_folder());
  auto lock = FileLock::acquire(environment.state_folder() / "migrate.lock", kLimit);
  if (!lock) throw Error(Errc::io, "another migrate is still running; wait for it, or end it");
  return std::move(*lock);
}

}  // namespace cred
