// SPDX-License-Identifier: MIT
#include "helper/files/entry.h"

#include <doctest/doctest.h>
#include <sodium.h>

#include <string>
#include <string_view>
#include <vector>

#include "helper/files/docker_config.h"
#include "tests/lab/auth_entry.h"

namespace cred::test {
namespace {

std::string base64(std::string_view bytes, int variant = sodium_base64_VARIANT_ORIGINAL) {
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), variant);
  text.pop_back();  // the NUL of C
  return text;
}

const std::string kNoProblem;
// What docker writes beside an identity token.
const std::string kTokenAuth = base64("00000000-0000-0000-0000-000000000000:");

}  // namespace

TEST_CASE("entries that give a credential") {
  struct Row {
    const char* name;
    std::string entry, username, secret;
  };
  const std::string token = R"({"auth":")" + kTokenAuth + R"(","identitytoken":"ey.J"})";
  const Row rows[] = {
      {"auth", auth("ada:s3"), "ada", "s3"},
      {"colons in the password", auth("ada:a:b:"), "ada", "a:b:"},
      {"any character", auth("robot$p+x:é 😀\n"), "robot$p+x", "é 😀\n"},
      {"NULs around the password", auth(std::string("ada:\0s3\0\0", 9)), "ada", "s3"},
      {"line ends in the base64", R"({"auth":"YWRh\r\nOnMz\n"})", "ada", "s3"},
      {"padding", R"({"auth":"YWRhOnM="})", "ada", "s"},
      {"username and password", R"({"username":"ada","password":"s3"})", "ada", "s3"},
      {"auth before username", R"({"password":"no","username":"no","auth":"YWRhOnMz"})", "ada",
       "s3"},
      {"an empty auth", R"({"auth":"","username":"ada","password":"s3"})", "ada", "s3"},
      {"null for auth", R"({"auth":null,"username":"ada","password":"s3"})", "ada", "s3"},
      {"an identity token", token, "<token>", "ey.J"},
      {"an identity token alone", R"({"identitytoken":"ey.J"})", "<token>", "ey.J"},
      {"an identity token beside a login", R"({"identitytoken":"ey.J","auth":"YWRhOnMz"})",
       "<token>", "ey.J"},
      {"other cases", R"({"USERNAME":"ada","Password":"s3"})", "ada", "s3"},
      {"one spelling empty", R"({"Auth":"","auth":"YWRhOnMz"})", "ada", "s3"},
      {"escapes", R"({"\u0061uth":"YWRhOnM\u007a"})", "ada", "s3"},
      {"harmless fields", R"({"auth":"YWRhOnMz","email":1,"serveraddress":"h"})", "ada", "s3"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const DockerConfig config =
          DockerConfig::parse(R"({"auths":{"https://h/v1/":)" + row.entry + "}}");
      REQUIRE(config.entries().size() == 1);
      const ConfigEntry& entry = config.entries().front();
      CHECK(entry.key == "https://h/v1/");
      CHECK_FALSE(entry.refusal.has_value());
      CHECK(entry.docker_reads_it);
      CHECK(entry.holds_credential);
      CHECK(entry.unknown_fields.empty());
      REQUIRE(entry.credential.has_value());
      CHECK(entry.credential->server == "https://h/v1/");
      CHECK(entry.credential->username == row.username);
      CHECK(entry.credential->secret.reveal() == row.secret);
    }
  }
}

TEST_CASE("entries that give none") {
  struct Row {
    const char* name;
    std::string entry, problem;
    bool docker_reads_it;
    bool holds_credential;
  };
  const std::string url_safe = base64("ada:~~~", sodium_base64_VARIANT_URLSAFE);
  const std::string unpadded = base64("ada:s", sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
  const auto with_auth = [](const std::string& text) { return R"({"auth":")" + text + R"("})"; };
  const Row rows[] = {
      {"empty", "{}", "", true, false},
      {"null", "null", "", true, false},
      {"empty fields", R"({"auth":"","username":"","password":"","identitytoken":""})", "", true,
       false},
      {"a registry token", R"({"registrytoken":"ey.J"})", "", true, false},
      {"no base64", with_auth("%%%"), "auth is not base64", false, true},
      {"URL-safe base64", with_auth(url_safe), "auth is not base64", false, true},
      {"no padding", with_auth(unpadded), "auth is not base64", false, true},
      {"more than padding", with_auth("YWRhOnM=YWRh"), "auth is not base64", false, true},
      {"a blank in the base64", with_auth("YWRh OnMz"), "auth is not base64", false, true},
      {"a NUL in the base64", with_auth(R"(YWRhOnMz\u0000)"), "auth is not base64", false, true},
      {"no colon", auth("ada"), "auth has no colon", false, true},
      {"line ends alone", with_auth(R"(\n)"), "auth has no colon", false, true},
      {"no username", auth(":s3"), "auth has no username", false, true},
      {"no password", auth("ada:"), "the password is empty", true, true},
      {"a password of NULs", auth(std::string("ada:\0\0", 6)), "the password is empty", true, true},
      {"username alone", R"({"username":"ada"})", "the password is empty", true, true},
      {"password alone", R"({"password":"s3"})", "the username is empty", false, true},
      {"a NUL in the password",
       auth(std::string("ada:s\0"
                        "3",
                        7)),
       "the login holds a NUL", true, true},
      {"a NUL in the username", R"({"username":"a\u0000","password":"s3"})",
       "the login holds a NUL", true, true},
      {"Latin-1", auth("ada:\xE9"), "the login is not UTF-8", true, true},
      {"a token beside a bad auth", R"({"auth":"%","identitytoken":"ey.J"})", "auth is not base64",
       false, true},
      {"auth a number", R"({"auth":1})", "auth is not a string", false, true},
      {"a password that is an object", R"({"username":"ada","password":{}})",
       "password is not a string", false, true},
      {"an address that is a number", R"({"auth":"YWRhOnMz","serveraddress":1})",
       "serveraddress is not a string", false, true},
      {"two spellings", R"({"auth":"YWRhOnMz","Auth":"Ym9iOnM0"})", "auth is there twice", true,
       true},
      {"a string", R"("YWRhOnMz")", "it is not an object", false, false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const DockerConfig config =
          DockerConfig::parse(R"({"auths":{"h":)" + row.entry + R"(,"good":{"auth":"YWRhOnMz"}}})");
      REQUIRE(config.entries().size() == 2);
      const ConfigEntry& entry = config.entries().front();
      CHECK_FALSE(entry.credential.has_value());
      CHECK((entry.refusal ? entry.refusal->reason : kNoProblem) == row.problem);
      CHECK(entry.docker_reads_it == row.docker_reads_it);
      CHECK(entry.holds_credential == row.holds_credential);
      CHECK(config.entries().back().credential.has_value());
    }
  }
}

TEST_CASE("keys that a helper cannot be asked for") {
  struct Row {
    std::string key;
    bool docker_reads_it;
  };
  // Docker asks for hosts, and takes the rest of a key off.
  const Row rows[] = {
      {"", false},           {" ", false},           {" h", false},       {"h ", false},
      {R"(a\nb)", false},    {R"(a\u0000b)", false}, {"https://", false}, {"https://h/a b", true},
      {R"(h/\u0000)", true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.key);
    const DockerConfig config =
        DockerConfig::parse(R"({"auths":{")" + row.key + R"(":)" + auth("ada:s3") + "}}");
    const ConfigEntry& entry = config.entries().front();
    CHECK(entry.credential.has_value() == (row.key == "https://"));
    if (entry.credential) continue;
    CHECK(entry.refusal.value().reason ==
          (row.docker_reads_it ? "a helper cannot be asked for it" : "it names no server"));
    CHECK(entry.docker_reads_it == row.docker_reads_it);
  }
}

TEST_CASE("what else an entry holds") {
  const DockerConfig config = DockerConfig::parse(
      R"({"auths":{"h":{"auth":"YWRhOnMz","RegistryToken":"ey.J","note":"s","Email":"","x":1}}})");
  const ConfigEntry& entry = config.entries().front();
  CHECK(entry.credential.has_value());
  CHECK(entry.holds_registry_token);
  CHECK(entry.unknown_fields == std::vector<std::string>{"note", "x"});
}

TEST_CASE("what is written for a credential, and which credential nobody would read as it is") {
  struct Row {
    const char* name;
    std::string key, username, secret;
    std::string fields;   // "name=value " of each
    std::string refusal;  // "" if there is none
  };
  const Row rows[] = {
      {"as docker writes it", "h", "ada", "s3:x", "auth=" + base64("ada:s3:x") + ' ', ""},
      {"an identity token", "h", "<token>", "ey.J", "auth=" + kTokenAuth + " identitytoken=ey.J ",
       ""},
      {"a colon in the username", "h", "a:b", "s3", "username=a:b password=s3 ", ""},
      {"no password", "h", "ada", "", "", "the password is empty"},
      {"no username", "h", "", "s3", "", "auth has no username"},
      {"a NUL", "h", "ada", std::string("s\0x", 3), "", "the login holds a NUL"},
      {"a NUL that docker cuts off", "h", "ada", std::string("s3\0", 3), "",
       "docker would read another login"},
      {"no text", "h", "ada", "\xff", "", "is not UTF-8 text"},
      {"a key that is none", "a b", "ada", "s3", "", "it names no server"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const Credential credential{row.key, row.username, Secret(row.secret)};
      const auto refusal = why_no_entry(row.key, credential);
      CHECK((refusal ? refusal->reason : "") == row.refusal);
      if (refusal) return;
      const EntryText text = entry_for(credential);
      std::string fields;
      for (const auto& [field, value] : text.fields) {
        fields += std::string(field) + '=' + value + ' ';
      }
      CHECK(fields == row.fields);
      CHECK(text.is_fragile == (row.username.find(':') != std::string::npos));
    }
  }
}

}  // namespace cred::test
