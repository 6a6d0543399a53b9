// SPDX-License-Identifier: MIT
// What a dry run shows is what the run then does: over random files and stores.
#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "helper/migrate/report.h"
#include "helper/migrate/run.h"
#include "platform/system/error.h"
#include "tests/lab/memory_store.h"
#include "tests/lab/random_world.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

std::string document_of(const MigrationPlan& plan) {
  std::ostringstream out;
  print_json(plan, Tense::planned, out);
  return out.str() + "exit " + std::to_string(exit_status(plan));
}

// Writes the files of `world`.
std::vector<MigrationFile> files_in(const TemporaryFolder& folder, const World& world) {
  std::vector<MigrationFile> files;
  for (const auto& source : sources_of(world)) {
    files.push_back({ConfigFile(folder.write(source.path, *source.text)), source.format});
  }
  return files;
}

}  // namespace

TEST_CASE("a dry run shows what the run does") {
  const int files = worlds_to_try();
  const TemporaryFolder folder;
  int moved = 0;
  int faults = 0;
  for (int seed = 0; seed < files; ++seed) {
    Dice dice(static_cast<unsigned>(seed));
    const World world = random_world(dice);
    const bool replace = dice.once_in(4);
    MemoryStore store;
    fill(store, world);
    const auto held = store.held;
    auto written = files_in(folder, world);
    const MigrationPlan foreseen = foresee_migration(written, store, replace);
    const bool unchanged =
        store.held == held && read_sources(written)[0].text == world.config.dump();
    const MigrationPlan done = run_migration(written, store, replace, nullptr);
    moved += done.credentials.empty() ? 0 : 1;
    if (unchanged && document_of(foreseen) == document_of(done)) continue;
    if (++faults <= 3) {
      MESSAGE("seed " << seed << (unchanged ? ": " : ": changed; ") << document_of(foreseen) << "\n"
                      << document_of(done));
    }
  }
  CHECK(faults == 0);
  CHECK(moved > files / 20);
}

TEST_CASE("what stops the run stops the dry run") {
  const TemporaryFolder folder;
  const std::string text = R"({"auths":{"a":{"username":"ada","password":"s3"}}})";
  std::vector<MigrationFile> files;
  MemoryStore store;
  SUBCASE("a store that stays locked") {
    files.push_back({ConfigFile(folder.write("config.json", text))});
    store.fail_unlock = Errc::refused;
  }
  SUBCASE("a file in the place of a folder") {
    files.push_back({ConfigFile(folder.write("config.json", text))});
    folder.write("file", "");
    files.push_back({ConfigFile(folder.path() / "link")});
    std::filesystem::create_symlink("file/auth.json", folder.path() / "link");
  }
  CHECK_THROWS_AS(static_cast<void>(foresee_migration(files, store, false)), Error);
  CHECK_THROWS_AS(static_cast<void>(run_migration(files, store, false, nullptr)), Error);
  CHECK(store.held.empty());
  CHECK(folder.read("config.json") == text);
}

}  // namespace cred::test
