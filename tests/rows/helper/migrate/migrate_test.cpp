// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>
#include <sodium.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "helper/cli/report.h"
#include "helper/files/leftovers.h"
#include "helper/migrate/report.h"
#include "helper/migrate/run.h"
#include "platform/system/error.h"
#include "tests/lab/memory_store.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

std::string auth(std::string_view login) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
  std::string text(sodium_base64_encoded_len(login.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(login.data()),
                    login.size(), kVariant);
  text.pop_back();
  return R"({"auth":")" + text + R"("})";
}

MigrationPlan plan_of(const std::string& text, Store& store, bool replace = false) {
  const SourceFile source{"config.json", text};
  return plan_migration({&source, 1}, store, replace);
}

std::vector<MigrationFile> files_of(const std::filesystem::path& path) {
  std::vector<MigrationFile> files;
  files.push_back({ConfigFile(path)});
  return files;
}

}  // namespace

TEST_CASE("the plan for one config.json") {
  struct Row {
    const char* name;
    std::string text;
    std::string entries;   // "server:action" of each
    std::string new_text;  // "" if the file is not to be written
    MigrationStatus status;
    int exit_code;
  };
  const std::string ada = auth("ada:s3");
  const Row rows[] = {
      {"one login", R"({"auths":{"h":)" + ada + "}}", "h:moved ",
       R"({"auths":{"h":{}},"credsStore":"keyring"})", MigrationStatus::migrated, 0},
      {"no file", "", "", "{\n\t\"credsStore\": \"keyring\"\n}", MigrationStatus::migrated, 0},
      {"no entries", "{}", "", "{\n\t\"credsStore\": \"keyring\"\n}", MigrationStatus::migrated, 0},
      {"done before", R"({"auths":{"h":{}},"credsStore":"keyring"})", "h:skipped ", "",
       MigrationStatus::unchanged, 0},
      {"one that cannot be read", R"({"auths":{"a":)" + ada + R"(,"b":{"auth":"?"}}})",
       "a:moved b:kept ", R"({"auths":{"a":{},"b":{"auth":"?"}},"credsStore":"keyring"})",
       MigrationStatus::partial, 3},
      {"an empty password stays and works", R"({"auths":{"https://h/v1/":)" + auth("ada:") + "}}",
       "https://h/v1/:kept ",
       R"({"auths":{"https://h/v1/":)" + auth("ada:") +
           R"(},"credsStore":"keyring","credHelpers":{"h":""}})",
       MigrationStatus::partial, 3},
      {"a registry token alone does not count", R"({"auths":{"h":{"registrytoken":"t"}}})",
       "h:kept ", R"({"auths":{"h":{"registrytoken":"t"}},"credsStore":"keyring"})",
       MigrationStatus::migrated, 0},
      {"another helper for all", R"({"auths":{"h":)" + ada + R"(},"credsStore":"pass"})", "h:kept ",
       "", MigrationStatus::partial, 3},
      {"another helper for all, nothing in the file", R"({"credsStore":"pass"})", "", "",
       MigrationStatus::refused, 1},
      {"another helper for one host",
       R"({"auths":{"a":)" + ada + R"(,"b":)" + ada + R"(},"credHelpers":{"b":"pass"}})",
       "a:moved b:kept ",
       R"({"auths":{"a":{},"b":)" + ada + R"(},"credHelpers":{"b":"pass"},"credsStore":"keyring"})",
       MigrationStatus::partial, 3},
      {"our helper for one host, another for all",
       R"({"auths":{"a":)" + ada + R"(},"credHelpers":{"a":"keyring"},"credsStore":"pass"})",
       "a:moved ", R"({"auths":{"a":{}},"credHelpers":{"a":"keyring"},"credsStore":"pass"})",
       MigrationStatus::refused, 1},
      {"one that was to stay moves after all",
       R"({"auths":{"h":)" + ada + R"(},"credHelpers":{"h":""},"credsStore":"keyring"})",
       "h:moved ", R"({"auths":{"h":{}},"credsStore":"keyring"})", MigrationStatus::migrated, 0},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      MemoryStore store;
      const auto plan = plan_of(row.text, store);
      const auto& file = plan.files.front();
      std::string entries;
      for (const auto& entry : file.entries) {
        entries += entry.server + (entry.action == Action::moved  ? ":moved "
                                   : entry.action == Action::kept ? ":kept "
                                                                  : ":skipped ");
      }
      CHECK(entries == row.entries);
      CHECK(file.new_text.value_or("") == row.new_text);
      CHECK(file.status == row.status);
      CHECK(exit_status(plan) == row.exit_code);
      CHECK(store.held.empty());  // a plan changes nothing
    }
  }
}

TEST_CASE("the place of another helper") {
  struct Row {
    const char* name;
    std::string text;
    std::string new_text;  // "" if the file is not to be written
    MigrationStatus status;
  };
  // "pass" has a login of a.example, which moves, and one of b.example, which stays.
  const Row rows[] = {
      {"for all", R"({"credsStore":"pass"})",
       R"({"credsStore":"keyring","credHelpers":{"b.example":"pass"}})", MigrationStatus::migrated},
      {"for all, and for single ones",
       R"({"credsStore":"pass","credHelpers":{"a.example":"pass","b.example":"pass","c":"pass"}})",
       R"({"credsStore":"keyring","credHelpers":{"b.example":"pass"}})", MigrationStatus::migrated},
      {"for single ones", R"({"credHelpers":{"a.example":"pass","b.example":"pass","c":"ecr"}})",
       R"({"credHelpers":{"b.example":"pass","c":"ecr"},"credsStore":"keyring"})",
       MigrationStatus::migrated},
      {"for single ones, a third one for the rest",
       R"({"credsStore":"third","credHelpers":{"a.example":"pass","b.example":"pass"}})",
       R"({"credsStore":"third","credHelpers":{"a.example":"keyring","b.example":"pass"}})",
       MigrationStatus::migrated},
      {"for none", R"({"x":1})", R"({"x":1,"credsStore":"keyring"})", MigrationStatus::migrated},
      {"taken before", R"({"credsStore":"keyring","credHelpers":{"b.example":"pass"}})", "",
       MigrationStatus::unchanged},
      {"with logins in the file",
       R"({"auths":{"c":)" + auth("cyd:s5") + R"(,"b.example":)" + auth("bob:s4") +
           R"(},"credsStore":"pass"})",
       R"({"auths":{"c":{},"b.example":)" + auth("bob:s4") +
           R"(},"credsStore":"keyring","credHelpers":{"b.example":"pass"}})",
       MigrationStatus::partial},
      {"with another login in the file, which docker does not see",
       R"({"auths":{"a.example":)" + auth("eve:s6") + R"(},"credsStore":"pass"})",
       R"({"auths":{"a.example":)" + auth("eve:s6") +
           R"(},"credsStore":"keyring","credHelpers":{"b.example":"pass"}})",
       MigrationStatus::partial},
      {"with another login in the file, which docker uses",
       R"({"auths":{"a.example":)" + auth("eve:s6") + "}}",
       R"({"auths":{"a.example":)" + auth("eve:s6") +
           R"(},"credsStore":"keyring","credHelpers":{"a.example":""}})",
       MigrationStatus::partial},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      MemoryStore store;
      MemoryStore pass;
      HelperCredentials from{"pass", &pass, {}};
      from.logins.push_back(
          {"a.example", "ada", Credential{"a.example", "ada", Secret("s3")}, std::nullopt});
      from.logins.push_back({"b.example", "bob", std::nullopt, Refusal{"no key"}});
      const SourceFile source{"config.json", row.text};
      for (const bool replace : {false, true}) {
        const auto plan = plan_migration({&source, 1}, store, replace, {}, &from);
        REQUIRE(plan.files.size() == 2);
        CHECK(plan.files[0].new_text.value_or("") == row.new_text);
        CHECK(plan.files[0].status == row.status);
        CHECK(plan.files[1].source.path == "memory");
        CHECK(plan.files[1].status == MigrationStatus::partial);
        CHECK(plan.files[1].entries[0].action == Action::moved);
        CHECK(plan.files[1].entries[1].reason == "no key");
        CHECK(exit_status(plan) == exit_partial);
        CHECK(plan.credentials.front().wanted.secret.reveal() == "s3");
      }
    }
  }
}

TEST_CASE("logins of another helper that ours could not give") {
  struct Row {
    const char* name;
    std::string username, secret, reason;
  };
  const Row rows[] = {
      {"no username", "", "s3", "the username is empty"},
      {"no secret", "ada", "", "the password is empty"},
      {"a NUL", "ada", std::string("s\0003", 3), "the login holds a NUL"},
      {"too long", "ada", std::string((1 << 20) + 1, 's'), "is longer than 1048576 bytes"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      MemoryStore store;
      MemoryStore pass;
      HelperCredentials from{"pass", &pass, {}};
      from.logins.push_back(
          {"h", row.username, Credential{"h", row.username, Secret(row.secret)}, std::nullopt});
      const SourceFile source{"config.json", R"({"credsStore":"pass"})"};
      const auto plan = plan_migration({&source, 1}, store, false, {}, &from);
      CHECK(plan.files[1].entries.front().action == Action::kept);
      CHECK(plan.files[1].entries.front().reason == row.reason);
      CHECK_FALSE(plan.files[0].new_text);  // nothing is gained by stepping between
    }
  }
}

TEST_CASE("what another helper has no more is not taken back from our store") {
  const TemporaryFolder folder;
  auto files = files_of(folder.write("config.json", R"({"credsStore":"pass"})"));
  MemoryStore store;
  MemoryStore pass;
  pass.held["kept"] = {"bob", "s4"};
  HelperCredentials from{"pass", &pass, {}};
  from.logins.push_back({"gone", "ada", Credential{"gone", "ada", Secret("s3")}, std::nullopt});
  from.logins.push_back({"kept", "bob", Credential{"kept", "bob", Secret("s4")}, std::nullopt});
  from.logins.push_back({"z", "cyd", Credential{"z", "cyd", Secret("s5")}, std::nullopt});
  store.fail_put_of = "z";
  CHECK_THROWS_AS(static_cast<void>(run_migration(files, store, false, nullptr, &from)), Error);
  CHECK(store.held.contains("gone"));
  CHECK_FALSE(store.held.contains("kept"));
  CHECK(folder.read("config.json") == R"({"credsStore":"pass"})");
}

TEST_CASE("the plan for one auth.json") {
  struct Row {
    const char* name;
    std::string text;
    std::string entries;   // "server:action" of each
    std::string stored;    // the servers that get a credential
    std::string new_text;  // "" if the file is not to be written
    int exit_code;
  };
  const std::string ada = auth("ada:s3");
  const Row rows[] = {
      {"no entries", "{}", "", "", "", 0},
      {"a blank file", " ", "", "", "", 0},
      {"one login", R"({"auths":{"h":)" + ada + "}}", "h:moved ", "h ", R"({"auths":{}})", 0},
      {"of two, one that cannot be read", R"({"auths":{"h":)" + ada + R"(,"b":{"auth":"?"}}})",
       "h:moved b:kept ", "h ", R"({"auths":{"b":{"auth":"?"}}})", 3},
      {"a part of a registry", R"({"auths":{"h/org":)" + ada + R"(,"h":)" + ada + "}}",
       "h/org:kept h:moved ", "h ", R"({"auths":{"h/org":)" + ada + "}}", 3},
      {"a scheme and a path", R"({"auths":{"https://h/v1/":)" + ada + "}}", "https://h/v1/:moved ",
       "h ", R"({"auths":{}})", 0},
      {"Docker Hub", R"({"auths":{"docker.io":)" + ada + "}}", "docker.io:moved ", "docker.io ",
       R"({"auths":{}})", 0},
      {"an empty entry is not ours", R"({"auths":{"h":{}}})", "h:skipped ", "", "", 0},
      {"an unknown field stays, and so does the entry",
       R"({"auths":{"h":{"auth":"YWRhOnMz","x":1}}})", "h:moved ", "h ",
       R"({"auths":{"h":{"x":1}}})", 0},
      {"credsStore is docker's: not asked, not set",
       R"({"auths":{"h":)" + ada + R"(},"credsStore":"pass"})", "h:moved ", "h ",
       R"({"auths":{},"credsStore":"pass"})", 0},
      {"another helper for one host",
       R"({"auths":{"h":)" + ada + R"(},"credHelpers":{"h":"pass"}})", "h:kept ", "", "", 3},
      {"our helper for one host", R"({"auths":{"h":)" + ada + R"(},"credHelpers":{"h":"keyring"}})",
       "h:moved ", "h ", R"({"auths":{},"credHelpers":{"h":"keyring"}})", 0},
      {"an empty password stays, without an exception that would stop podman",
       R"({"auths":{"h":)" + auth("ada:") + "}}", "h:kept ", "", "", 3},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      MemoryStore store;
      const SourceFile source{"auth.json", row.text, &kAuthFileFormat};
      const auto plan = plan_migration({&source, 1}, store, false);
      const auto& file = plan.files.front();
      std::string entries;
      for (const auto& entry : file.entries) {
        entries += entry.server + (entry.action == Action::moved  ? ":moved "
                                   : entry.action == Action::kept ? ":kept "
                                                                  : ":skipped ");
      }
      std::string stored;
      for (const auto& credential : plan.credentials) stored += credential.wanted.server + ' ';
      CHECK(entries == row.entries);
      CHECK(stored == row.stored);
      CHECK(file.new_text.value_or("") == row.new_text);
      CHECK(exit_status(plan) == row.exit_code);
    }
  }
}

TEST_CASE("a login that is held back stays in its file") {
  SourceFile source{"auth.json", R"({"auths":{"h":)" + auth("ada:s3") + "}}", &kAuthFileFormat};
  source.held_back = Refusal{"nobody would find it"};
  MemoryStore store;
  const auto plan = plan_migration({&source, 1}, store, false);
  CHECK(plan.credentials.empty());
  CHECK_FALSE(plan.files.front().new_text);
  CHECK(plan.files.front().entries.front().reason == "nobody would find it");
}

TEST_CASE("what is lost at logout is said") {
  SourceFile source{"auth.json", R"({"auths":{"h":)" + auth("ada:s3") + "}}", &kAuthFileFormat,
                    true};
  MemoryStore store;
  CHECK(plan_migration({&source, 1}, store, false).files.front().reason.find("logout") !=
        std::string::npos);
  source.text = "{}";
  CHECK(plan_migration({&source, 1}, store, false).files.front().reason.empty());
}

TEST_CASE("a different login that is stored already gives way only if told to") {
  MemoryStore store;
  store.held["h"] = {"bob", "old"};
  const std::string text = R"({"auths":{"h":)" + auth("ada:s3") + "}}";
  const auto careful = plan_of(text, store);
  CHECK(careful.files.front().entries.front().action == Action::kept);
  CHECK(careful.credentials.empty());
  CHECK(careful.files.front().new_text->find(R"("credHelpers":{"h":""})") != std::string::npos);
  const auto replacing = plan_of(text, store, true);
  CHECK(replacing.files.front().entries.front().action == Action::moved);
  CHECK(replacing.credentials.front().before->username == "bob");
}

TEST_CASE("two files that differ about a server") {
  const std::vector<SourceFile> sources{
      {"one", R"({"auths":{"h":)" + auth("ada:1") + "}}"},
      {"two", R"({"auths":{"h":)" + auth("ada:2") + "}}"},
  };
  MemoryStore store;
  const auto careful = plan_migration(sources, store, false);
  CHECK(careful.files[0].entries.front().action == Action::moved);
  CHECK(careful.files[1].entries.front().action == Action::kept);
  const auto replacing = plan_migration(sources, store, true);
  CHECK(replacing.files[1].entries.front().action == Action::moved);
  REQUIRE(replacing.credentials.size() == 1);
  CHECK(replacing.credentials.front().wanted.secret.reveal() == "2");
}

TEST_CASE("~/.dockercfg is read, never written") {
  const SourceFile source{".dockercfg", R"({"h":)" + auth("ada:s3") + "}", &kDockercfgFormat};
  MemoryStore store;
  const auto plan = plan_migration({&source, 1}, store, false);
  CHECK(plan.credentials.size() == 1);
  CHECK_FALSE(plan.files.front().new_text);
  CHECK(plan.files.front().entries.front().action == Action::kept);
  CHECK(exit_status(plan) == exit_partial);
}

TEST_CASE("a file that is not docker's is refused by name") {
  MemoryStore store;
  const SourceFile source{"/x/config.json", "[]"};
  CHECK_THROWS_WITH_AS(static_cast<void>(plan_migration({&source, 1}, store, false)),
                       doctest::Contains("/x/config.json: "), Error);
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

  // A store in which reading back is the moment when docker login writes.
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
    MemoryStore memory;

   private:
    std::function<void()> race_;
  };
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

TEST_CASE("what a killed migration left behind goes once it is stored") {
  const TemporaryFolder folder;
  const auto path = folder.write("config.json", "{}");
  const std::string leftover = "config.json.docker-credential-keyring.abc123";
  folder.write(leftover, R"({"auths":{"a":)" + auth("ada:1") + "}}");
  const ConfigFile file(path);
  MemoryStore store;
  remove_own_leftovers(file, store);
  CHECK(folder.read(leftover) != "(none)");
  CHECK(find_plaintext_beside(file).size() == 1);
  store.held["a"] = {"ada", "1"};
  remove_own_leftovers(file, store);
  CHECK(folder.read(leftover) == "(none)");
}

TEST_CASE("a leftover goes whose login stands in the file still, in the same bytes") {
  const TemporaryFolder folder;
  const std::string text = R"({"auths":{"a":{"auth":"?"}}})";
  const ConfigFile file(folder.write("config.json", text));
  const std::string leftover = "config.json.docker-credential-keyring.abc123";
  MemoryStore store;
  folder.write(leftover, R"({"auths":{"a":{"auth":"??"}}})");
  remove_own_leftovers(file, store);
  CHECK(folder.read(leftover) != "(none)");
  folder.write(leftover, text);
  remove_own_leftovers(file, store);
  CHECK(folder.read(leftover) == "(none)");
}

TEST_CASE("plaintext beside the file is found") {
  const TemporaryFolder folder;
  const auto path = folder.write("config.json", "{}");
  const std::string login = R"({"auths":{"a":)" + auth("ada:1") + "}}";
  folder.write("config.json123456", login);
  folder.write("config.json.bak", login.substr(0, login.size() - 3));
  folder.write("config.json.old", R"({"auths":{"a":{}}})");
  folder.write("other.json", login);
  const auto found = find_plaintext_beside(ConfigFile(path));
  REQUIRE(found.size() == 2);
  CHECK(found[0].filename() == "config.json.bak");
  CHECK(found[1].filename() == "config.json123456");
}

TEST_CASE("reports name servers and usernames, and no secret") {
  MemoryStore store;
  const auto plan =
      plan_of(R"({"auths":{"h":)" + auth("ada:hunter2") + R"(,"b\u001b":{"auth":"?"}}})", store);
  std::ostringstream table;
  print_table(plan, Tense::planned, Notes(table));
  CHECK(table.str().find("ada") != std::string::npos);
  CHECK(table.str().find('\x1b') == std::string::npos);
  CHECK(table.str().find("hunter2") == std::string::npos);
  std::ostringstream json;
  print_json(plan, json);
  CHECK(json.str().find(R"("action": "moved")") != std::string::npos);
  CHECK(json.str().find("hunter2") == std::string::npos);
}

}  // namespace cred::test
