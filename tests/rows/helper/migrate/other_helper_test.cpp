// SPDX-License-Identifier: MIT
#include "helper/migrate/other_helper.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/lab/memory_store.h"

namespace cred::test {
namespace {

HelperCredentials read_all(Store& source, const std::string& config) {
  const SourceFile file{"config.json", config};
  return read_helper_credentials("pass", source, {&file, 1});
}

std::string servers_of(const HelperCredentials& from) {
  std::string servers;
  for (const auto& credential : from.credentials) servers += credential.server + ' ';
  return servers;
}

}  // namespace

TEST_CASE("a helper that keeps nothing is refused") {
  CHECK_NOTHROW(refuse_token_maker({}, "pass"));
  for (const char* named : {"acr-linux", "docker-credential-acr-linux"}) {
    try {
      refuse_token_maker({}, named);
      FAIL("expected a refusal");
    } catch (const Error& failure) {
      CHECK(std::string(failure.what()).starts_with("docker-credential-acr-linux keeps no"));
    }
  }
}

TEST_CASE("what a helper lists is read, and what files name besides") {
  MemoryStore pass;
  pass.held["a.example"] = {"ada", "s3"};
  pass.held["b.example"] = {"bob", "s4"};
  CHECK(servers_of(read_all(pass, R"({"credsStore":"pass"})")) == "a.example b.example ");
  pass.held[""] = {"nobody", "s5"};
  pass.held[" "] = {"nobody", "s6"};
  CHECK(servers_of(read_all(pass, R"({"credsStore":"pass"})")) == "a.example b.example ");
  // A store that lists the labels of its items in the place of their servers.
  MemoryStore labels;
  labels.held["Registry credentials for a.example"] = {"ada", "s3"};
  labels.held["a.example"] = {"ada", "s3"};
  CHECK(servers_of(read_all(labels, R"({"credsStore":"pass"})")) == "a.example ");
}

TEST_CASE("docker must not ask a third helper for everything") {
  MemoryStore pass;
  CHECK_THROWS_AS(static_cast<void>(read_all(pass, R"({"credsStore":"third"})")), Error);
  CHECK_NOTHROW(
      static_cast<void>(read_all(pass, R"({"credsStore":"third","credHelpers":{"h":"pass"}})")));
}

TEST_CASE("a helper is erased from only what the store gives back") {
  MemoryStore pass;
  pass.held["moved"] = {"ada", "s3"};
  pass.held["changed"] = {"bob", "s4"};
  const std::string config = R"({"credsStore":"pass"})";
  const SourceFile file{"config.json", config};
  const HelperCredentials from = read_all(pass, config);
  MemoryStore store;
  MigrationPlan plan = plan_migration({&file, 1}, store, false, {}, &from);
  for (const auto& credential : plan.credentials) store.put(credential.wanted);
  store.held["changed"] = {"bob", "another"};
  CHECK(erase_at_source(plan, from, store));
  CHECK_FALSE(pass.held.contains("moved"));
  CHECK(pass.held.contains("changed"));
  CHECK(plan.files.back().status == MigrationStatus::partial);
}

TEST_CASE("where both are one place nothing is erased") {
  MemoryStore pass;
  pass.held["h"] = {"ada", "s3"};
  const std::string config = R"({"credsStore":"pass"})";
  const SourceFile file{"config.json", config};
  const HelperCredentials from = read_all(pass, config);
  MigrationPlan plan = plan_migration({&file, 1}, pass, false, {}, &from);
  CHECK_FALSE(erase_at_source(plan, from, pass));
  CHECK(pass.held.size() == 1);
  CHECK(pass.held.contains("h"));
}

}  // namespace cred::test
