// SPDX-License-Identifier: MIT
#include "helper/migrate/report.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "helper/cli/report.h"
#include "platform/system/error.h"
#include "tests/lab/auth_entry.h"
#include "tests/lab/memory_store.h"

namespace cred::test {
namespace {

MigrationPlan plan_of(const std::string& text, Store& store, bool replace = false) {
  const SourceFile source{"config.json", text};
  return plan_migration({&source, 1}, store, replace);
}

}  // namespace

TEST_CASE("reports name servers and usernames, and no secret") {
  MemoryStore store;
  const auto plan =
      plan_of(R"({"auths":{"h":)" + auth("ada:hunter2") + R"(,"b\u001b":{"auth":"?"}}})", store);
  std::ostringstream table;
  print_table(plan, Tense::planned, Notes(table), 500);
  CHECK(table.str().find("ada") != std::string::npos);
  CHECK(table.str().find('\x1b') == std::string::npos);
  CHECK(table.str().find("hunter2") == std::string::npos);
  std::ostringstream json;
  print_json(plan, Tense::done, json);
  CHECK(json.str().find(R"("action": "moved")") != std::string::npos);
  CHECK(json.str().find("hunter2") == std::string::npos);
}

}  // namespace cred::test
