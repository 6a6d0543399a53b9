// SPDX-License-Identifier: MIT
// What docker finds after a migration is what it could find before: over random files and stores,
// judged by docker's own lookup.
#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "helper/cli/report.h"
#include "helper/migrate/plan.h"
#include "helper/migrate/report.h"
#include "helper/restore/plan.h"
#include "helper/servers/server_address.h"
#include "tests/lab/docker_model.h"
#include "tests/lab/memory_store.h"
#include "tests/lab/random_world.h"

namespace cred::test {
namespace {

bool names(const json& config, const std::string& host) {
  for (const auto& [key, entry] : config.at("auths").items()) {
    if (docker_host_of(key) == host) return true;
  }
  return false;
}

// Whether the plan says of an entry of `host` that it stays.
bool is_named(const MigrationPlan& plan, const std::string& host) {
  if (exit_status(plan) == exit_done) return false;
  for (const auto& entry : plan.files.front().entries) {
    if (docker_host_of(entry.server) == host && entry.leaves_credential && !entry.reason.empty()) {
      return true;
    }
  }
  return false;
}

// What is wrong with `after`; empty if nothing is. `may_miss`: nothing may be found.
// `is_half_read`: the file is docker's again, and it stops at a bad entry.
std::string fault(const World& world, const std::string& host, const Answers& before,
                  const Answers& after, bool may_miss, bool is_half_read) {
  const Answers nothing{""};
  Answers allowed = before;
  // Undecoded, an entry that stays answers with what is beside its "auth".
  if (before == nothing || is_half_read) allowed.merge(logins_of(world, host));
  if (before == nothing) {
    for (const auto& [server, login] : world.held) {  // what somebody stored for it themselves
      if (!same_registry(docker_host_of(server), host)) continue;
      allowed.insert(login.username + ':' + login.secret);
    }
  }
  for (const auto& answer : after) {
    if (answer == "pass's" && before == nothing) continue;  // it is asked where we are not any more
    if (!answer.empty() && !allowed.contains(answer)) return "answers " + answer;
    if (answer.empty() && before != nothing && !may_miss) return "loses it";
  }
  return "";
}

// Carries the plan out, all of it or the first `puts` of what it stores.
void carry_out(const MigrationPlan& plan, Store& store, std::string& text,
               std::size_t puts = SIZE_MAX) {
  for (const auto& planned : plan.credentials) {
    if (puts-- == 0) return;
    store.put(planned.wanted);
  }
  text = plan.files.front().new_text.value_or(text);
}

struct DockerTally {
  int tried = 0, named = 0;
  std::vector<std::string> faults;
};

void judge_all(const World& world, const MigrationPlan& plan, const std::string& text,
               MemoryStore& store, const std::string& what, DockerTally& tally) {
  MemoryStore first;
  fill(first, world);
  const bool is_back = what == "restored";
  for (const auto& host : hosts_named_in(world)) {
    // Of the rest docker finds by its own spelling what it finds by ours.
    if (is_back && !names(world.config, host)) continue;
    const Answers before = docker_answers(world.config.dump(), host, first);
    const Answers after = docker_answers(text, host, store);
    // A bad entry that docker reads goes on stopping it: where the plan leaves the host in the file
    // and says so, until the file is rewritten, and after the way back.
    const bool named = is_named(plan, host) && before.contains("");
    const bool is_half_read = is_back && docker_stops_in(json::parse(text.empty() ? "{}" : text));
    const bool may_miss = named || is_half_read || (what == "killed" && before.contains(""));
    const std::string problem = fault(world, host, before, after, may_miss, is_half_read);
    ++tally.tried;
    tally.named += named ? 1 : 0;
    if (problem.empty()) continue;
    std::string held;
    for (const auto& [server, login] : world.held) {
      held += ' ' + server + '=' + login.username + ':' + login.secret;
    }
    tally.faults.push_back(what + ": " + host + ' ' + problem + "\n  file " + world.config.dump() +
                           "\n  then " + text + "\n  auth.json " + world.auth_file.dump() +
                           "\n  helm " + world.helm_file.dump() + "\n  store" + held +
                           "\n  before" + text_of(before) + ", after" + text_of(after));
  }
}

void try_world(const World& world, Dice& dice, DockerTally& tally) {
  MemoryStore store;
  fill(store, world);
  std::string text = world.config.dump();
  const auto sources = sources_of(world);
  MigrationPlan plan = plan_migration(sources, store, false);
  if (dice.once_in(3)) {  // killed while it stored, and run again
    carry_out(plan, store, text, static_cast<std::size_t>(dice.below(3)));
    judge_all(world, plan, text, store, "killed", tally);
    plan = plan_migration(sources, store, false);
  }
  carry_out(plan, store, text);
  judge_all(world, plan, text, store, "migrated", tally);
  const RestorePlan back = plan_restore({"config.json", text}, store, {});
  judge_all(world, plan, back.new_text.value_or(text), store, "restored", tally);
}

}  // namespace

TEST_CASE("where nothing moves, the store is not read") {
  for (const char* text : {R"({"auths":{"h":{},"https://h/v1/":{}},"credsStore":"keyring"})",
                           R"({"auths":{"h":{}}})", "{}"}) {
    MemoryStore store;
    store.held["h"] = {"ada", "s3"};
    const SourceFile source{"config.json", text};
    CHECK(plan_migration({&source, 1}, store, false).credentials.empty());
    CHECK(store.touched.empty());
  }
}

TEST_CASE("docker finds after a migration what it could find before") {
  const int files = worlds_to_try();
  DockerTally tally;
  for (int i = 0; i < files; ++i) {
    Dice dice(static_cast<unsigned>(i));
    const World world = random_world(dice);
    try_world(world, dice, tally);
  }
  CHECK(tally.tried > 3 * files);
  CHECK(tally.faults.size() == 0);
  for (std::size_t i = 0; i < std::min<std::size_t>(tally.faults.size(), 5); ++i) {
    MESSAGE(tally.faults[i]);
  }
}

}  // namespace cred::test
