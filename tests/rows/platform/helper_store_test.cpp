// SPDX-License-Identifier: MIT
#include "platform/helper_store.h"

#include <doctest/doctest.h>

#include <csignal>
#include <string>

#include "platform/system/error.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

// A helper that answers as `script` says, in a world where nothing else is on PATH before it.
class Helper {
 public:
  explicit Helper(const std::string& script) {
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    const auto program = folder_.write("docker-credential-other", "#!/bin/sh\n" + script + "\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    environment_.variables = {{"PATH", folder_.path().string() + ":/usr/bin:/bin"},
                              {"FOLDER", folder_.path().string()},
                              {"HOME", "/nonexistent"},
                              {"LD_PRELOAD", "left out"},
                              {"DOCKER_CREDENTIAL_KEYRING_STORE", "left out"}};
  }

  [[nodiscard]] std::unique_ptr<Store> open() const {
    return open_helper_store(environment_, Settings(), "other");
  }
  [[nodiscard]] std::string read(const std::string& name) const { return folder_.read(name); }
  [[nodiscard]] const Environment& environment() const { return environment_; }

 private:
  TemporaryFolder folder_;
  Environment environment_;
};

// What a failed get tells.
std::string failure_of(const std::string& script) {
  try {
    static_cast<void>(Helper(script).open()->get("h"));
    return "(none)";
  } catch (const Error& failure) {
    return failure.what();
  }
}

}  // namespace

TEST_CASE("the name of another helper") {
  const Helper helper("exit 1");
  struct Row {
    std::string name, message;
  };
  const Row rows[] = {
      {"", "a helper's name is what"},
      {"a/b", "a helper's name is what"},
      {"a b", "a helper's name is what"},
      {"\xC3\xB6", "a helper's name is what"},
      {"keyring", "docker-credential-keyring is this program itself"},
      {"none", "docker-credential-none is not on PATH"},
      {"A.b_c-9", "docker-credential-A.b_c-9 is not on PATH"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(open_helper_store(helper.environment(), Settings(), row.name)),
        doctest::Contains(row.message.c_str()), Error);
  }
}

TEST_CASE("what another helper answers") {
  const std::string answer = R"({"ServerURL":"x","Username":"ada","Secret":"s\u00e93"})";
  SUBCASE("a login") {
    const auto found = Helper("echo '" + answer + "'").open()->get("h");
    REQUIRE(found);
    CHECK(found->server == "h");
    CHECK(found->username == "ada");
    CHECK(found->secret.reveal() ==
          "s\xC3\xA9"
          "3");
  }
  SUBCASE("none") {
    CHECK_FALSE(Helper("echo credentials not found in native keychain; exit 1").open()->get("h"));
    // docker-credential-pass up to 0.6
    CHECK_FALSE(Helper(R"(echo '{"ServerURL":"h","Username":"","Secret":""}')").open()->get("h"));
  }
  SUBCASE("a list") {
    const auto listed = Helper(R"(echo '{"b":"bob","a":"ada","c":null}')").open()->list();
    CHECK(listed == std::map<std::string, std::string>{{"a", "ada"}, {"b", "bob"}, {"c", ""}});
  }
  SUBCASE("the words of a failure, and never an answer") {
    CHECK(failure_of("echo; echo ' no key '; echo more; exit 1") ==
          "docker-credential-other get: no key ");
    CHECK(failure_of("echo no key >&2; exit 1") == "docker-credential-other get: no key");
    CHECK(failure_of("printf 'a\\033b'; exit 2") == "docker-credential-other get: a?b");
    const std::string unexplained = "docker-credential-other get: failed, and does not say why";
    CHECK(failure_of("exit 1") == unexplained);
    CHECK(failure_of("kill -SEGV $$") == unexplained);
    CHECK(failure_of("echo '" + answer + "'; exit 1") == unexplained);
    CHECK(failure_of("echo 'error: " + answer + "' >&2; exit 1") == unexplained);
    const std::string no_answer =
        "docker-credential-other get: the answer is not that of a credential helper";
    CHECK(failure_of("echo s3") == no_answer);
    CHECK(failure_of("echo '" + answer + "' s3") == no_answer);
    CHECK(failure_of("true") == no_answer);
  }
  SUBCASE("too much") { CHECK(failure_of("yes").find("docker-credential-other get: ") == 0); }
}

TEST_CASE("what another helper is asked") {
  SUBCASE("by its verbs, with the server on stdin") {
    const Helper helper(
        "echo \"$1 $(cat)\" >>\"$FOLDER/asked\"\n"
        "case $1 in\n"
        "list) echo {} ;;\n"
        "get) echo credentials not found in native keychain && exit 1 ;;\n"
        "esac");
    const auto store = helper.open();
    CHECK(store->list().empty());
    CHECK_FALSE(store->get("a.example"));
    store->put({"b.example", "bob", Secret("s4")});
    store->erase({{"b.example"}});
    CHECK(helper.read("asked") ==
          "list unused\nget a.example\n"
          R"(store {"Secret":"s4","ServerURL":"b.example","Username":"bob"})"
          "\nerase b.example\nget b.example\n");
    CHECK(store->name() == "docker-credential-other");
  }
  SUBCASE("an erase after which the login is there still fails") {
    const Helper helper(R"(test "$1" != get || echo '{"Username":"ada","Secret":"s3"}')");
    CHECK_THROWS_WITH_AS(helper.open()->erase({{"h"}}),
                         "docker-credential-other erase: the login is still there", Error);
  }
  SUBCASE("in our environment, less what is for us or for the loader") {
    const Helper helper(R"(env >"$FOLDER/env"; echo {})");
    CHECK(helper.open()->list().empty());
    const std::string variables = helper.read("env");
    CHECK(variables.find("HOME=/nonexistent\n") != std::string::npos);
    CHECK(variables.find("left out") == std::string::npos);
  }
}

}  // namespace cred::test
