// SPDX-License-Identifier: MIT
#include "helper/migrate/report.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>
#include <string>

#include "helper/cli/report.h"
#include "platform/system/error.h"
#include "tests/lab/auth_entry.h"
#include "tests/lab/memory_store.h"

namespace cred::test {
namespace {

MigrationPlan plan_for(const std::string& text, Store& store,
                       const std::filesystem::path& file = "config.json") {
  const SourceFile source{file, text};
  return plan_migration({&source, 1}, store, /*replace=*/false);
}

std::string table_of(const MigrationPlan& plan) {
  std::ostringstream table;
  print_table(plan, Tense::done, Notes(table), 500, {});
  return table.str();
}

}  // namespace

TEST_CASE("reports name servers and usernames, and no secret") {
  MemoryStore store;
  const auto plan =
      plan_for(R"({"auths":{"h":)" + auth("ada:hunter2") + R"(,"b\u001b":{"auth":"?"}}})", store);
  std::ostringstream table;
  print_table(plan, Tense::planned, Notes(table), 500, {});
  CHECK(table.str().find("ada") != std::string::npos);
  CHECK(table.str().find('\x1b') == std::string::npos);
  CHECK(table.str().find("hunter2") == std::string::npos);
  std::ostringstream document;
  print_json(plan, Tense::done, document);
  CHECK(document.str().find(R"("action": "moved")") != std::string::npos);
  CHECK(document.str().find("hunter2") == std::string::npos);
}

TEST_CASE("who asks from now on: docker, us, and never a kubelet") {
  MemoryStore store;
  const std::string login = R"({"auths":{"h":)" + auth("ada:hunter2") + "}}";
  CHECK(table_of(plan_for("{}", store)).find("docker asks this helper from now on") !=
        std::string::npos);
  CHECK(table_of(plan_for(login, store)).find("docker asks the ") != std::string::npos);
  const std::string of_kubelet = table_of(plan_for(login, store, "/var/lib/kubelet/config.json"));
  CHECK(of_kubelet.find("docker asks") == std::string::npos);
  CHECK(of_kubelet.find("docker-credential-keyring kubelet --print-config") != std::string::npos);
}

}  // namespace cred::test
