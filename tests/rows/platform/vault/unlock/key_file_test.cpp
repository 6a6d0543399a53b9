// SPDX-License-Identifier: MIT
#include "platform/vault/unlock/key_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <sstream>
#include <string>

#include "platform/system/error.h"
#include "platform/system/file.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

const std::string kMaterial(32, 'k');

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The material as text, or why there is none.
std::string read(const std::filesystem::path& path, const Environment& environment,
                 std::ostream& notes) {
  try {
    const LockedBytes material = read_key_file(path, environment, Notes(notes));
    return {reinterpret_cast<const char*>(material.data()), material.size()};
  } catch (const Error& failure) {
    // One of the wrong length is none, and no hint of other keys belongs to it.
    const bool is_none = has(failure.what(), "er than ") || has(failure.what(), "is empty");
    CHECK(failure.code() == (is_none ? Errc::bad_request : Errc::wrong_key));
    return failure.what();
  }
}

}  // namespace

TEST_CASE("a key that clevis sealed may be longer") {
  const TemporaryFolder folder;
  const std::string sealed = "eyJ" + std::string(9000, 'a') + ".." + std::string(16, 'b') + ".c.d";
  const auto of = [&](const std::string& content) {
    const auto path = folder.write("key", content);
    REQUIRE(chmod(path.c_str(), 0600) == 0);
    std::ostringstream notes;
    return read(path, Environment(), notes);
  };
  CHECK(of(sealed + "\n") == sealed);
  CHECK(looks_sealed(as_bytes(sealed)));
  CHECK_FALSE(looks_sealed(as_bytes(sealed + ".")));
  CHECK_FALSE(looks_sealed(as_bytes("x" + sealed)));
  CHECK(has(of("eyJ" + std::string(17000, 'a') + "...."), "is longer than"));
  CHECK(has(of("x" + sealed), "is longer than"));
}

TEST_CASE("a file that is longer than its size says is read to its end") {
  const char* const kVersion = "/proc/version";  // which says 0
  const Fd file(open(kVersion, O_RDONLY | O_CLOEXEC));
  const std::string text = read_file(kVersion).value();
  const LockedBytes key = read_key(file.get(), "the key");
  CHECK(as_text(key.bytes()) == text.substr(0, text.find('\n')));
}

TEST_CASE("what of a key file is the key") {
  const TemporaryFolder folder;
  struct Row {
    const char* name;
    std::string content, material;  // a part of the refusal
  };
  const std::string longest(4096, 'k');
  const Row rows[] = {
      {"all of it", kMaterial, kMaterial},
      {"less the line end", kMaterial + "\n", kMaterial},
      {"less all line ends", kMaterial + "\r\n\n", kMaterial},
      {"blanks are part of it", kMaterial + " ", kMaterial + " "},
      {"any byte", std::string(31, '\0') + "\xff", std::string(31, '\0') + "\xff"},
      {"the longest", longest + "\n", longest},
      {"too long", longest + "k", "longer than 4,096 bytes"},
      {"too long behind line ends", longest + "\n\n\n" + longest, "longer than 4,096 bytes"},
      {"short, and too long behind line ends", "k" + std::string(4'100, '\n') + longest,
       "longer than 4,096 bytes"},
      {"too short", kMaterial.substr(1) + "\n", "shorter than 32 bytes"},
      {"nothing", "", "is empty"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const auto path = folder.write("key", row.content);
      REQUIRE(chmod(path.c_str(), 0600) == 0);
      std::ostringstream notes;
      const std::string material = read(path, {}, notes);
      CHECK(has(material, row.material));
      if (!has(material, "key file")) CHECK(material == row.material);
      CHECK(notes.str().empty());
    }
  }
}

TEST_CASE("whose key file is used") {
  const TemporaryFolder folder;
  const auto path = folder.write("credentials/docker-credential-keyring", kMaterial);
  Environment environment;
  std::ostringstream notes;
  SUBCASE("others can read it: a warning") {
    REQUIRE(chmod(path.c_str(), 0644) == 0);
    CHECK(read(path, environment, notes) == kMaterial);
    CHECK(has(notes.str(), "can be read by others"));
  }
  SUBCASE("others can write it: refused") {
    REQUIRE(chmod(path.c_str(), 0620) == 0);
    CHECK(has(read(path, environment, notes), "can be written by others"));
  }
  SUBCASE("a service manager handed it over: neither") {
    REQUIRE(chmod(path.c_str(), 0660) == 0);
    environment.variables["CREDENTIALS_DIRECTORY"] = path.parent_path();
    CHECK(read(path, environment, notes) == kMaterial);
    CHECK(notes.str().empty());
  }
  SUBCASE("a folder") { CHECK(has(read(folder.path(), environment, notes), "not a regular file")); }
  SUBCASE("none") { CHECK(has(read(folder.path() / "no", environment, notes), "cannot be read")); }
}

TEST_CASE("a key file that is made") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "new" / "key";
  const LockedBytes made = make_key_file(path);
  struct stat status = {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
  const std::string text = folder.read("new/key");
  CHECK(text.starts_with("dck-key-1:"));
  CHECK(text.size() == 10 + 43 + 1);
  CHECK(text.ends_with('\n'));
  std::ostringstream notes;
  CHECK(read(path, {}, notes) + '\n' == text);
  CHECK(made.size() == text.size() - 1);
  try {
    static_cast<void>(make_key_file(path));
    FAIL("it was made twice");
  } catch (const Error& failure) {
    CHECK(failure.code() == Errc::io);
  }
  CHECK(folder.read("new/key") == text);
}

TEST_CASE("the key file that the environment names") {
  const TemporaryFolder folder;
  Environment environment;
  CHECK_FALSE(key_file_of(environment));
  environment.variables["CREDENTIALS_DIRECTORY"] = folder.path();
  CHECK_FALSE(key_file_of(environment));  // handed over for something else
  const auto handed_over = folder.write("docker-credential-keyring", kMaterial);
  CHECK(key_file_of(environment) == handed_over);
  environment.variables["DOCKER_CREDENTIAL_KEYRING_KEY_FILE"] = "/elsewhere";
  CHECK(key_file_of(environment) == "/elsewhere");
}

}  // namespace cred::test
