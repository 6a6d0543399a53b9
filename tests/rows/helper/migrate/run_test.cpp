// SPDX-License-Identifier: MIT
#include "helper/migrate/run.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "helper/cli/report.h"
#include "helper/files/leftovers.h"
#include "helper/migrate/report.h"
#include "platform/system/error.h"
#include "tests/lab/auth_entry.h"
#include "tests/lab/memory_store.h"
#include "tests/lab/quiet_machine.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

std::vector<MigrationFile> files_of(const std::filesystem::path& path) {
  std::vector<MigrationFile> files;
  files.push_back({ConfigFile(path)});
  return files;
}

// A store in which something happens between storing and reading back, once.
class RacingStore final : public Store {
 public:
  explicit RacingStore(std::function<void()> race) : race_(std::move(race)) {}
  using Store::put;
  void put(std::span<const Credential> credentials, const Progress& progress) override {
    memory.put(credentials, progress);
    if (race_) std::exchange(race_, nullptr)();
  }
  std::optional<Credential> get(std::string_view server) override { return memory.get(server); }
  void erase(std::span<const std::string> servers) override { memory.erase(servers); }
  std::map<std::string, std::string> list() override { return memory.list(); }
  std::vector<std::string> known_servers() override { return memory.known_servers(); }
  [[nodiscard]] std::string_view name() const override { return memory.name(); }
  [[nodiscard]] StoreId id_for(std::string_view server) override { return memory.id_for(server); }
  MemoryStore memory;

 private:
  std::function<void()> race_;
};

}  // namespace

TEST_CASE("what another helper has no more is not taken back from our store") {
  const TemporaryFolder folder;
  auto files = files_of(folder.write("config.json", R"({"credsStore":"pass"})"));
  MemoryStore store;
  MemoryStore pass;
  pass.held["kept"] = {"bob", "s4"};
  HelperCredentials from{"pass", &pass, {}};
  from.credentials.push_back(
      {"gone", "ada", Credential{"gone", "ada", Secret("s3")}, std::nullopt});
  from.credentials.push_back(
      {"kept", "bob", Credential{"kept", "bob", Secret("s4")}, std::nullopt});
  from.credentials.push_back({"z", "cyd", Credential{"z", "cyd", Secret("s5")}, std::nullopt});
  store.fail_put_of = "z";
  CHECK_THROWS_AS(static_cast<void>(run_migration(files, store, false, nullptr, &from)), Error);
  CHECK(store.held.contains("gone"));
  CHECK_FALSE(store.held.contains("kept"));
  CHECK(folder.read("config.json") == R"({"credsStore":"pass"})");
}

TEST_CASE("a migration stores, reads back, then rewrites") {
  const TemporaryFolder folder;
  const std::string before =
      R"({"auths":{"a":)" + auth("ada:1") + R"(,"b":)" + auth("bob:2") + "}}";
  const auto path = folder.write("config.json", before);
  auto files = files_of(path);
  MemoryStore store;
  SUBCASE("all goes well") {
    const auto plan = run_migration(files, store, false, nullptr);
    CHECK(store.held["a"] == MemoryStore::Login{"ada", "1"});
    CHECK(store.held["b"] == MemoryStore::Login{"bob", "2"});
    CHECK(folder.read("config.json") == R"({"auths":{"a":{},"b":{}},"credsStore":"keyring"})");
    CHECK(exit_status(plan) == exit_done);
    CHECK(run_migration(files, store, false, nullptr).files.front().status ==
          MigrationStatus::unchanged);
  }
  SUBCASE("what the store has already is not stored again") {
    store.held["a"] = {"ada", "1"};
    static_cast<void>(run_migration(files, store, false, nullptr));
    CHECK(std::ranges::count(store.touched, "put a") == 0);
    CHECK(std::ranges::count(store.touched, "put b") == 1);
  }
  SUBCASE("storing fails: what was before is put back") {
    store.held["a"] = {"old", "0"};
    store.fail_put_of = "b";
    CHECK_THROWS_AS(static_cast<void>(run_migration(files, store, true, nullptr)), Error);
    CHECK(folder.read("config.json") == before);
    CHECK(store.held.size() == 1);
    CHECK(store.held["a"] == MemoryStore::Login{"old", "0"});
  }
  SUBCASE("what cannot be taken back is named beside the reason") {
    store.fail_put_of = "b";
    store.fail_erase_of = "a";
    std::optional<Error> failure;
    try {
      static_cast<void>(run_migration(files, store, false, nullptr));
    } catch (const Error& thrown) {
      failure = thrown;
    }
    REQUIRE(failure);
    CHECK(failure->code() == Errc::left_behind);
    CHECK(std::string(failure->what()) ==
          "told to fail; the memory may have got these before that, and they could not be taken "
          "back: a");
    CHECK(folder.read("config.json") == before);
  }
  SUBCASE("reading back differs: nothing stays behind") {
    store.garble_secret_of = "b";
    CHECK_THROWS_AS(static_cast<void>(run_migration(files, store, false, nullptr)), Error);
    CHECK(folder.read("config.json") == before);
    CHECK(store.held.empty());
  }
  SUBCASE("a plan with a file that cannot be replaced stores nothing") {
    files.push_back({ConfigFile("/proc/none/config.json")});
    CHECK_THROWS_AS(static_cast<void>(run_migration(files, store, false, nullptr)), Error);
    CHECK(store.held.empty());
    CHECK(folder.read("config.json") == before);
  }
  // No temporary file stays behind in any case.
  files.clear();
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("another program's write between plan and exchange is kept, and planned again") {
  const TemporaryFolder folder;
  const auto path = folder.write("config.json", R"({"auths":{"a":)" + auth("ada:1") + "}}");
  auto files = files_of(path);
  RacingStore store([&] {
    folder.write("config.json",
                 R"({"auths":{"a":)" + auth("ada:newer") + R"(,"new":)" + auth("bob:2") + "}}");
  });
  const auto plan = run_migration(files, store, false, nullptr);
  CHECK(store.memory.held["a"] == MemoryStore::Login{"ada", "newer"});
  CHECK(folder.read("config.json") == R"({"auths":{"a":{},"new":{}},"credsStore":"keyring"})");
  CHECK(store.memory.held["new"] == MemoryStore::Login{"bob", "2"});
  CHECK(plan.files.front().entries.size() == 2);
}

TEST_CASE("what fails in a way that nobody foresaw is taken back as well, and quotes nothing") {
  const TemporaryFolder folder;
  const std::string before = R"({"auths":{"a":)" + auth("ada:word-one") + "}}";
  auto files = files_of(folder.write("config.json", before));
  RacingStore store([] { throw std::runtime_error("word-one"); });
  CHECK_THROWS_WITH_AS(static_cast<void>(run_migration(files, store, false, nullptr)),
                       "internal error", Error);
  CHECK(store.memory.held.empty());
  CHECK(folder.read("config.json") == before);
}

TEST_CASE("what a killed migration left behind goes once it is stored") {
  const TemporaryFolder folder;
  const auto path = folder.write("config.json", "{}");
  const std::string leftover = "config.json.docker-credential-keyring.abc123";
  folder.write(leftover, R"({"auths":{"a":)" + auth("ada:1") + "}}");
  const ConfigFile file(path);
  MemoryStore store;
  remove_own_leftovers(file, kDockerConfigFormat, store);
  CHECK(folder.read(leftover) != "(none)");
  CHECK(find_plaintext_beside(file).size() == 1);
  store.held["a"] = {"ada", "1"};
  remove_own_leftovers(file, kDockerConfigFormat, store);
  CHECK(folder.read(leftover) == "(none)");
}

TEST_CASE("a leftover of an auth.json goes once its credential is stored by docker's name for it") {
  const TemporaryFolder folder;
  const ConfigFile file(folder.write("auth.json", "{}"));
  const std::string leftover = "auth.json.docker-credential-keyring.abc123";
  folder.write(leftover, R"({"auths":{"https://quay.io":)" + auth("ada:1") + "}}");
  MemoryStore store;
  remove_own_leftovers(file, kAuthFileFormat, store);
  CHECK(folder.read(leftover) != "(none)");
  store.held["quay.io"] = {"ada", "1"};
  remove_own_leftovers(file, kAuthFileFormat, store);
  CHECK(folder.read(leftover) == "(none)");
}

TEST_CASE("what is no file is no leftover") {
  const TemporaryFolder folder;
  const ConfigFile file(folder.write("config.json", "{}"));
  std::filesystem::create_directory(folder.path() / "config.json.docker-credential-keyring.abc");
  MemoryStore store;
  remove_own_leftovers(file, kDockerConfigFormat, store);
  CHECK(find_plaintext_beside(file).empty());
}

TEST_CASE("a leftover goes whose login stands in the file still, in the same bytes") {
  const TemporaryFolder folder;
  const std::string text = R"({"auths":{"a":{"auth":"?"}}})";
  const ConfigFile file(folder.write("config.json", text));
  const std::string leftover = "config.json.docker-credential-keyring.abc123";
  MemoryStore store;
  folder.write(leftover, R"({"auths":{"a":{"auth":"??"}}})");
  remove_own_leftovers(file, kDockerConfigFormat, store);
  CHECK(folder.read(leftover) != "(none)");
  folder.write(leftover, text);
  remove_own_leftovers(file, kDockerConfigFormat, store);
  CHECK(folder.read(leftover) == "(none)");
}

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
