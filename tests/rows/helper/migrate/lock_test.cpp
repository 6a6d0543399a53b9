// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "helper/migrate/run.h"
#include "tests/lab/quiet_machine.h"

namespace cred::test {

TEST_CASE("one migration at a time, in a folder that is nobody else's") {
  const QuietMachine machine;
  const auto file = machine.environment.state_folder() / "migrate.lock";
  const auto is_free = [&] { return FileLock::acquire(file, std::chrono::milliseconds(0)); };
  {
    const FileLock lock = wait_for_other_migrations(machine.environment);
    CHECK_FALSE(is_free());
  }
  CHECK(is_free());
  CHECK(mode_of(machine.environment.state_folder()) == 0700);
}

}  // namespace cred::test
