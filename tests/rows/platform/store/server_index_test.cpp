// SPDX-License-Identifier: MIT
#include "platform/store/server_index.h"

#include <doctest/doctest.h>

#include "platform/system/error.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {

TEST_CASE("the index remembers, and never stops the work") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "state" / "index";
  const std::vector<std::string> two{"a", "b"};
  SUBCASE("across processes") {
    ServerIndex(path).add_seen(two, kKeyringId);
    const ServerIndex again(path);
    CHECK(again.names("a", kKeyringId));
    CHECK_FALSE(again.names("a", kVaultId));
    CHECK_FALSE(again.names("c", kKeyringId));
    CHECK_FALSE(again.is_complete(kKeyringId));
    CHECK(again.servers(kKeyringId) == two);
  }
  SUBCASE("removal of some") {
    ServerIndex index(path);
    index.add_seen(two, kKeyringId);
    index.set_complete(kKeyringId);
    index.remove({{"a"}}, kKeyringId);
    index.remove({{"b"}}, kVaultId);
    const ServerIndex again(path);
    CHECK(again.is_complete(kKeyringId));
    CHECK(again.servers(kKeyringId) == std::vector<std::string>{"b"});
  }
  SUBCASE("which of two stores counts") {
    ServerIndex index(path);
    index.add_stored({{"a"}}, kVaultId);
    index.add_seen({{"a"}}, kKeyringId);
    CHECK(index.holder("a") == kVaultId);
    index.add_stored({{"a"}}, kKeyringId);
    CHECK(index.holder("a") == kKeyringId);
    CHECK(index.names("a", kVaultId));
    index.mark_stale({{"a"}}, kVaultId);
    index.add_seen({{"a"}}, kVaultId);  // a stale copy that is seen again stays stale
    const ServerIndex again(path);
    CHECK_FALSE(again.names("a", kVaultId));
    CHECK(again.is_stale("a", kVaultId));
    CHECK(again.stale_servers(kVaultId) == std::vector<std::string>{"a"});
    index.remove({{"a"}}, kKeyringId);
    CHECK_FALSE(index.holder("a"));
    CHECK(ServerIndex(path).is_stale("a", kVaultId));
    index.remove({{"a"}}, kVaultId);
    CHECK_FALSE(ServerIndex(path).is_stale("a", kVaultId));
  }
  SUBCASE("the file that a credential came from") {
    using Origins = std::map<std::string, std::string>;
    ServerIndex index(path);
    index.add_stored(two, kKeyringId);
    index.set_origin({{"a", "unknown"}}, "/home/ada/auth.json");
    CHECK(ServerIndex(path).origins() == Origins{{"a", "/home/ada/auth.json"}});
    index.add_stored({{"a"}}, kVaultId);  // a newer one
    index.mark_stale({{"a"}}, kKeyringId);
    CHECK(ServerIndex(path).origins() == Origins{{"a", "/home/ada/auth.json"}});
    index.set_origin({{"a"}}, "/home/ada/tab\tand\nline");
    CHECK(ServerIndex(path).origins() == Origins{{"a", "/home/ada/tab\tand\nline"}});
    index.remove({{"a"}}, kVaultId);  // a stale copy came from nowhere
    CHECK(ServerIndex(path).origins().empty());
    index.remove({{"a"}}, kKeyringId);
    index.add_stored({{"a"}}, kKeyringId);
    CHECK(ServerIndex(path).origins().empty());
  }
  SUBCASE("where a vault lies, each by its id") {
    ServerIndex index(path);
    CHECK(index.places(kVaultId).empty());
    index.set_place(kVaultId, "1", "/a\tb");
    index.set_place(kVaultId, "2", "/c");
    index.set_complete(kVaultId, {"2", 7}, {{"a"}});
    index.set_place(kVaultId, "2", "/d");
    const ServerIndex again(path);
    CHECK(again.places(kVaultId) == std::vector<std::string>{"/a\tb", "/d"});
    CHECK(again.is_complete(kVaultId, {"2", 7}));
    CHECK_FALSE(again.is_complete(kVaultId, {"2", 6}));
    CHECK_FALSE(again.is_complete(kVaultId, {"1", 7}));
    CHECK(again.is_complete_at("/d"));
    CHECK_FALSE(again.is_complete_at("/a\tb"));
    CHECK(again.names("a", kVaultId));
  }
  SUBCASE("a change of a state that was known wholly") {
    ServerIndex index(path);
    index.set_complete(kVaultId, {"2", 7}, two);
    index.set_changed(kVaultId, {"2", 8}, {{"a"}});
    CHECK(ServerIndex(path).is_complete(kVaultId, {"2", 8}));
    CHECK_FALSE(ServerIndex(path).names("a", kVaultId));
    index.set_changed(kVaultId, {"2", 10}, {{"b"}});  // another process made the ninth
    CHECK_FALSE(ServerIndex(path).is_complete(kVaultId, {"2", 10}));
    CHECK_FALSE(ServerIndex(path).names("b", kVaultId));
  }
  SUBCASE("one that cannot be read is not written anew") {
    std::filesystem::create_directories(path.parent_path());
    std::filesystem::create_symlink("index", path);
    ServerIndex index(path);
    index.add_stored({{"a"}}, kVaultId);
    CHECK(index.names("a", kVaultId));  // this process knows
    CHECK(std::filesystem::is_symlink(path));
    CHECK_THROWS_AS(static_cast<void>(index.origins()), Error);  // who goes by it writes passwords
  }
  SUBCASE("two writers") {
    ServerIndex one(path);
    ServerIndex other(path);
    CHECK(other.servers(kKeyringId).empty());
    one.add_seen({{"a"}}, kKeyringId);
    other.add_seen({{"b"}}, kKeyringId);
    CHECK(ServerIndex(path).servers(kKeyringId) == two);
  }
  SUBCASE("broken") {
    for (const char* text : {"", "{", "docker-credential-keyring index 1\n", "\xff"}) {
      folder.write("state/index", text);
      ServerIndex index(path);
      CHECK(index.servers(kKeyringId).empty());
      CHECK_FALSE(index.is_complete(kKeyringId));
      index.add_seen(two, kKeyringId);
      CHECK(ServerIndex(path).servers(kKeyringId) == two);
    }
  }
  SUBCASE("not to be written") {
    ServerIndex index("/proc/none/index");
    index.add_seen(two, kKeyringId);
    CHECK(index.servers(kKeyringId) == two);  // this process goes on with it
  }
  SUBCASE("held by others for long") {
    ServerIndex(path).add_seen({{"a"}}, kKeyringId);
    const auto held = FileLock::acquire(path.string() + ".lock", std::chrono::seconds(0));
    REQUIRE(held);
    ServerIndex index(path);
    index.add_seen(two, kKeyringId);
    CHECK(index.servers(kKeyringId) == two);
  }
  SUBCASE("nothing new is not written") {
    ServerIndex(path).add_seen(two, kKeyringId);
    const auto before = std::filesystem::last_write_time(path);
    ServerIndex(path).add_seen({{"a"}}, kKeyringId);
    CHECK(std::filesystem::last_write_time(path) == before);
  }
}

TEST_CASE("the index of a version before goes into this one") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "state" / "index";
  const char* const old = R"({"complete":["keyring"],"servers":{"a":{"store":"keyring"}}})";
  const std::vector<std::string> both{"a", "b"};
  folder.write("state/servers.json", old);
  SUBCASE("at the first look, which writes it") {
    CHECK(ServerIndex(path).holder("a") == kKeyringId);
    CHECK(folder.read("state/servers.json") == "(none)");
    CHECK(ServerIndex(path).is_complete(kKeyringId));
    CHECK(ServerIndex(path).names("a", kKeyringId));
  }
  SUBCASE("at the first change") {
    ServerIndex(path).add_seen({{"b"}}, kKeyringId);
    CHECK(folder.read("state/servers.json") == "(none)");
    CHECK(ServerIndex(path).servers(kKeyringId) == both);
  }
  SUBCASE("by who only reads, it is left alone") {
    ServerIndex index(path, IndexUse::only_read);
    CHECK(index.names("a", kKeyringId));
    index.add_seen({{"b"}}, kKeyringId);
    CHECK(index.servers(kKeyringId) == both);
    CHECK(folder.read("state/servers.json") == old);
    CHECK(folder.read("state/index") == "(none)");
  }
  SUBCASE("killed before it was removed") {
    ServerIndex(path).add_seen({{"b"}}, kKeyringId);
    folder.write("state/servers.json", old);
    CHECK(ServerIndex(path).servers(kKeyringId) == both);
    CHECK(ServerIndex(path).is_complete(kKeyringId));
    CHECK(folder.read("state/servers.json") == "(none)");
  }
  SUBCASE("written anew by such a version, which has no index and knows one server") {
    ServerIndex(path).add_stored({{"b"}}, kVaultId);
    folder.write("state/servers.json",
                 R"({"complete":[],"servers":{"b":{"store":"keyring"},"c":{"store":"keyring"}}})");
    const ServerIndex index(path);
    CHECK(index.holder("b") == kKeyringId);
    CHECK(index.names("b", kVaultId));
    CHECK(index.names("c", kKeyringId));
    CHECK_FALSE(index.is_complete(kKeyringId));
    CHECK(folder.read("state/servers.json") == "(none)");
  }
  SUBCASE("broken") {
    folder.write("state/servers.json", "{");
    CHECK_FALSE(ServerIndex(path).is_complete(kKeyringId));
    CHECK(ServerIndex(path).servers(kKeyringId).empty());
    CHECK(folder.read("state/servers.json") == "(none)");
  }
}

TEST_CASE("what is stored is named, also where another process removed it since this one looked") {
  const TemporaryFolder folder;
  ServerIndex ours(folder.path() / "index");
  ours.add_stored({{"a"}}, kKeyringId);
  ServerIndex(folder.path() / "index").remove({{"a"}}, kKeyringId);
  ours.add_stored({{"a"}}, kKeyringId);
  CHECK(ServerIndex(folder.path() / "index").names("a", kKeyringId));
}

}  // namespace cred::test
