// SPDX-License-Identifier: MIT
// How clevis is run: here it is a script; the real one is run by another ring.
#include "platform/vault/unlock/clevis.h"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <string>

#include "platform/system/error.h"
#include "tests/lab/refusal.h"
#include "tests/lab/temporary_folder.h"
#include "tests/rows/platform/vault/format/clevis_samples.h"

namespace cred::test {
TEST_CASE("how clevis is run") {
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  const TemporaryFolder folder;
  const auto clevis_that = [&](const std::string& script) {
    auto program = folder.write("clevis", "#!/bin/sh\n" + script);
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    return program;
  };
  Environment environment = Environment::of_process(Notes(std::cerr));
  environment.variables["TPM2TOOLS_TCTI"] = "swtpm:port=1";
  environment.variables["HUNTER"] = "2";
  const auto unsealed_by = [&](const std::string& script) {
    const LockedBytes text = clevis_unseal(environment, clevis_that(script), "tang", kTang);
    return std::string(text.bytes().begin(), text.bytes().end());
  };
  const auto refusal_of = [&](const std::string& script) {
    try {
      return unsealed_by(script);
    } catch (const Error& error) {
      CHECK(error.code() == Errc::not_unsealed);
      return std::string(error.what());
    }
  };

  SUBCASE("it gets the sealed text, and gives the secret") {
    CHECK(unsealed_by("echo \"$@\"; exec cat") == "decrypt\n" + std::string(kTang));
  }
  SUBCASE("its environment is ours to choose") {
    CHECK(unsealed_by("env | sed s/=.*// | sort | tr '\\n' ' '") ==
          "HOME LC_ALL PATH PWD TMPDIR TPM2TOOLS_TCTI ");
  }
  SUBCASE("its home is empty, private, and gone afterwards") {
    const std::string home = unsealed_by(
        "ls -A \"$HOME\" >&2; [ -f \"$HOME/.curlrc\" ] || exit 1\n"
        "touch \"$TMPDIR/left\"; stat -c %a \"$HOME\"; printf %s \"$HOME\"");
    CHECK(home.substr(0, 4) == "700\n");
    CHECK_FALSE(std::filesystem::exists(home.substr(4)));
  }
  SUBCASE("what it says is passed on") {
    CHECK(refusal_of("echo 'WARNING:esys: noise' >&2; echo 'Unsealing failed!' >&2; exit 1") ==
          "clevis could not unseal the key: Unsealing failed!");
    CHECK(refusal_of("exit 3") == "clevis could not unseal the key");
  }
  SUBCASE("too much is too much") {
    CHECK(refusal_of("exec head -c 4097 /dev/zero") == "clevis: more than 4096 bytes of output");
  }
  SUBCASE("it is not there") {
    CHECK(failure_of([&] {
            static_cast<void>(clevis_unseal(environment, "/no/clevis", "tang", kTang));
          }) == Errc::not_unsealed);
  }
  SUBCASE("it is asked to seal as it is, without blanks") {
    const LockedBytes secret(1);
    const auto program =
        clevis_that("[ \"$*\" = 'encrypt tpm2 {\"hash\":\"sha1\"}' ] && printf %s '" +
                    std::string(kTpm2) + "'");
    CHECK(clevis_seal(environment, program, "tpm2", R"({ "hash": "sha1" })", secret) == kTpm2);
  }
  SUBCASE("what it sealed must be fit to be unsealed") {
    const LockedBytes secret(1);
    const auto program = clevis_that("echo sealed");
    CHECK(failure_of([&] {
            static_cast<void>(clevis_seal(environment, program, "tpm2", "{}", secret));
          }) == Errc::not_unsealed);
  }
}

TEST_CASE("which program is missing") {
  const TemporaryFolder folder;
  const auto add = [&](const std::string& name) {
    auto program = folder.write(name, "#!/bin/sh\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    return program;
  };
  CHECK(missing_for_clevis("/no/clevis", "tang") == "/no/clevis");
  CHECK(missing_for_clevis("clevis", "tang") == "clevis");  // not an absolute path
  const auto clevis = add("clevis");
  CHECK(missing_for_clevis(clevis, "nosuchpin") == "clevis-decrypt-nosuchpin");
  add("clevis-decrypt-nosuchpin");
  CHECK_FALSE(missing_for_clevis(clevis, "nosuchpin"));
}

}  // namespace cred::test
