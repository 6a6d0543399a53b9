// SPDX-License-Identifier: MIT
#include "platform/vault/storage/local_storage.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/system/error.h"
#include "platform/vault/storage/storage.h"
#include "tests/lab/quiet_machine.h"
#include "tests/lab/refusal.h"

namespace cred::test {
namespace {

namespace fs = std::filesystem;

struct Place {
  TemporaryFolder folder;
  fs::path path = folder.path() / "ours" / "vault";
  LocalStorage storage{path, FolderUse::own};

  void write(std::string_view bytes) {
    storage.prepare();
    const auto hold = storage.hold();
    const auto before = storage.read_for_change();
    const auto outcome =
        storage.replace(bytes, before ? std::optional(before->token) : std::nullopt);
    REQUIRE(outcome == Storage::Outcome::done);
  }
};

}  // namespace

TEST_CASE("a file takes the place of a state that is known, and of no other") {
  Place place;
  CHECK_FALSE(place.storage.read());
  CHECK_FALSE(place.storage.exists());
  CHECK_FALSE(place.storage.beside());
  CHECK(failure_of([&] { static_cast<void>(place.storage.hold()); }) == Errc::io);
  CHECK(failure_of([&] { static_cast<void>(place.storage.replace("x", {})); }) == Errc::io);
  place.write("one");
  CHECK(mode_of(place.path) == 0600);
  CHECK(mode_of(place.path.parent_path()) == 0700);
  const auto one = place.storage.read_for_change();
  CHECK(one->bytes == "one");
  CHECK(place.storage.read() == "one");
  place.write("two");
  using Outcome = Storage::Outcome;
  CHECK(place.storage.replace("three", one->token) == Outcome::conflict);
  CHECK(place.storage.replace("three", std::nullopt) == Outcome::conflict);
  CHECK(place.storage.read() == "two");
  place.write("one");  // the same bytes are the same state
  CHECK(place.storage.replace("three", one->token) == Outcome::done);
  place.storage.remove();
  CHECK_FALSE(place.storage.exists());
  CHECK(place.storage.replace("four", one->token) == Outcome::conflict);
  place.storage.remove();
}

TEST_CASE("a vault is removed whatever it is called, and through a link of ours") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a vault whose name is too long for a short string.vault";
  LocalStorage storage(path, FolderUse::leave_as_it_is);
  const auto write = [&] {
    const auto hold = storage.hold();
    REQUIRE(storage.replace("bytes", std::nullopt) == Storage::Outcome::done);
  };
  write();
  storage.remove();
  CHECK_FALSE(fs::exists(path));
  fs::create_symlink("target of the link, with a name that is long too.vault", path);
  CHECK_FALSE(storage.exists());  // a link to nothing is no vault
  write();
  CHECK(storage.exists());
  storage.remove();
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 3);  // the link and two locks
  CHECK_FALSE(storage.exists());
}

TEST_CASE("a vault is not called as what lies beside another, and leaves its neighbours alone") {
  const TemporaryFolder folder;
  const auto write = [&](const char* name) {
    LocalStorage storage(folder.path() / name, FolderUse::leave_as_it_is);
    const auto hold = storage.hold();
    static_cast<void>(storage.replace("bytes", std::nullopt));
  };
  for (const char* name : {"vault.new", "vault.lock", ".new"}) {
    CAPTURE(name);
    CHECK(failure_of([&] { write(name); }) == Errc::vault_unsafe);
    CHECK(folder.read(name) == "(none)");
  }
  folder.write("vault.new", "a vault of before");
  write("another");
  CHECK(folder.read("vault.new") == "a vault of before");
}

TEST_CASE("what a killed writer left is no obstacle") {
  Place place;
  place.write("one");
  place.folder.write("ours/vault.new", "half of two");
  place.write("two");
  CHECK(place.storage.read() == "two");
  CHECK_FALSE(fs::exists(place.path.parent_path() / "vault.new"));
}

TEST_CASE("a file that is not ours alone is refused") {
  Place place;
  place.write("one");
  const auto folder = place.path.parent_path();
  SUBCASE("others can read it") { REQUIRE(chmod(place.path.c_str(), 0640) == 0); }
  SUBCASE("others can write the folder") { REQUIRE(chmod(folder.c_str(), 0770) == 0); }
  SUBCASE("a folder") {
    fs::remove(place.path);
    fs::create_directory(place.path);
  }
  SUBCASE("a pipe") {
    fs::remove(place.path);
    REQUIRE(mkfifo(place.path.c_str(), 0600) == 0);
  }
  SUBCASE("a link to a link") {
    fs::rename(place.path, folder / "real");
    fs::create_symlink("real", folder / "middle");
    fs::create_symlink("middle", place.path);
  }
  CHECK(failure_of([&] { static_cast<void>(place.storage.read()); }) == Errc::vault_unsafe);
  CHECK(failure_of([&] { static_cast<void>(place.storage.read_for_change()); }) ==
        Errc::vault_unsafe);
  CHECK(place.storage.exists());
}

TEST_CASE("a link of ours is followed once, and stays") {
  Place place;
  place.write("one");
  const auto target = place.folder.path() / "elsewhere" / "vault";
  fs::create_directory(target.parent_path());
  REQUIRE(chmod(target.parent_path().c_str(), 0700) == 0);
  fs::rename(place.path, target);
  fs::create_symlink(target, place.path);
  place.write("two");
  CHECK(fs::is_symlink(place.path));
  CHECK(place.folder.read("elsewhere/vault") == "two");
}

TEST_CASE("the folder is closed where it is ours, and left as it is where it was named") {
  TemporaryFolder folder;
  Environment environment;
  environment.uid = geteuid();
  environment.variables["HOME"] = folder.path();
  const auto own = folder.path() / ".local/share/docker-credential-keyring";
  fs::create_directories(own);
  REQUIRE(chmod(own.c_str(), 0755) == 0);
  SUBCASE("to be inspected") {
    static_cast<void>(open_local_storage(environment, FolderUse::leave_as_it_is)->beside());
    CHECK(mode_of(own) == 0755);
  }
  SUBCASE("to be used") {
    const auto storage = open_local_storage(environment, FolderUse::own);
    CHECK(storage->name() == (own / "vault").string());
    CHECK_FALSE(storage->is_shared());
    static_cast<void>(storage->beside());
    CHECK(mode_of(own) == 0700);
  }
  SUBCASE("named") {
    const auto named = folder.path() / "named" / "v";
    fs::create_directory(named.parent_path());
    REQUIRE(chmod(named.parent_path().c_str(), 0755) == 0);
    environment.variables["DOCKER_CREDENTIAL_KEYRING_VAULT"] = named;
    CHECK(open_local_storage(environment, FolderUse::own)->name() == named.string());
    static_cast<void>(open_local_storage(environment, FolderUse::own)->beside());
    CHECK(mode_of(named.parent_path()) == 0755);
    CHECK(local_vault_file(environment) == named);
  }
}

}  // namespace cred::test
