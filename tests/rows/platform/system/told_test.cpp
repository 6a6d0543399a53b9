// SPDX-License-Identifier: MIT
// What was told is remembered, in a file that is nobody else's, and never holds anybody up.
#include "platform/system/told.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <sstream>
#include <string>

#include "platform/system/file.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

const std::string kMemory = "docker-credential-keyring.told";

struct Teller {
  TemporaryFolder folder;
  Environment environment;

  Teller() { environment.variables["XDG_RUNTIME_DIR"] = folder.path(); }

  [[nodiscard]] bool tells(const std::string& text) const {
    std::ostringstream err;
    note_once(environment, Notes(err), text);
    CHECK((err.str().empty() || err.str() == "docker-credential-keyring: " + text + '\n'));
    return !err.str().empty();
  }
};

}  // namespace

TEST_CASE("the same is told once, and what it quotes is not kept") {
  const Teller teller;
  CHECK(teller.tells("reg.example was NOT logged out"));
  CHECK_FALSE(teller.tells("reg.example was NOT logged out"));
  CHECK(teller.tells("another.example was NOT logged out"));
  CHECK_FALSE(teller.tells("reg.example was NOT logged out"));
  CHECK(teller.folder.read(kMemory).find("example") == std::string::npos);
}

TEST_CASE("what is no memory of ours is not touched, and all is told") {
  const Teller teller;
  const auto memory = teller.folder.path() / kMemory;
  SUBCASE("a pipe, at which a read would wait") { REQUIRE(mkfifo(memory.c_str(), 0600) == 0); }
  SUBCASE("a folder") { REQUIRE(mkdir(memory.c_str(), 0700) == 0); }
  SUBCASE("another name of a file") {
    std::filesystem::create_hard_link(teller.folder.write("precious", "kept"), memory);
  }
  SUBCASE("a link to a file") {
    std::filesystem::create_symlink(teller.folder.write("precious", "kept"), memory);
  }
  SUBCASE("one that others may write") {
    chmod(teller.folder.write(kMemory, "kept").c_str(), 0666);
  }
  CHECK(teller.tells("reg.example"));
  CHECK(teller.tells("reg.example"));
  if (exists(teller.folder.path() / "precious")) CHECK(teller.folder.read("precious") == "kept");
}

TEST_CASE("a memory that cannot be read is begun anew") {
  const Teller teller;
  for (const std::string& text :
       {std::string("1@2 3"), std::string("\0\xff x", 4), std::string(std::size_t{1} << 20, 'x')}) {
    chmod(teller.folder.write(kMemory, text).c_str(), 0600);
    CHECK(teller.tells("reg.example"));
    CHECK_FALSE(teller.tells("reg.example"));
  }
}

TEST_CASE("a memory that somebody holds is not waited for") {
  const Teller teller;
  CHECK(teller.tells("reg.example"));
  const Fd held(open((teller.folder.path() / kMemory).c_str(), O_RDWR | O_CLOEXEC));
  REQUIRE(flock(held.get(), LOCK_EX) == 0);
  CHECK(teller.tells("reg.example"));
}

}  // namespace cred::test
