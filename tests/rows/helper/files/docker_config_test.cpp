// SPDX-License-Identifier: MIT
#include "helper/files/docker_config.h"

#include <doctest/doctest.h>
#include <sodium.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/system/error.h"

namespace cred::test {
namespace {

std::string base64(std::string_view bytes, int variant = sodium_base64_VARIANT_ORIGINAL) {
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), variant);
  text.pop_back();  // the NUL of C
  return text;
}

// An entry that holds `login`, "user:password", as docker writes it.
std::string auth(std::string_view login) { return R"({"auth":")" + base64(login) + R"("})"; }

// Returns "" if docker's config.json may hold `text`.
std::string refusal(const std::string& text) {
  try {
    static_cast<void>(DockerConfig::parse(text));
    return "";
  } catch (const Error& error) {
    CHECK(error.code() == Errc::bad_request);
    return error.what();
  }
}

std::string edited(const std::string& text, const ConfigEdit& edit) {
  return DockerConfig::parse(text).edited(edit);
}

const std::string kNoError;
// What docker writes beside an identity token.
const std::string kTokenAuth = base64("00000000-0000-0000-0000-000000000000:");

}  // namespace

TEST_CASE("which texts are a config.json") {
  struct Row {
    const char* name;
    std::string text, refusal;
  };
  const Row rows[] = {
      {"nothing", "", kNoError},
      {"blanks", " \r\n", kNoError},
      {"an empty object", "{}", kNoError},
      {"null for each part", R"({"auths":null,"credsStore":null,"credHelpers":null})", kNoError},
      {"other keys of any type", R"({"HttpHeaders":3,"Auth":[],"x":null})", kNoError},
      {"cut short", "{\n\"auths\": {\"h\": {\"auth\": \"aHVudGVyMg", "malformed JSON in line 2"},
      {"a trailing comma", R"({"auths":{},})", "malformed JSON in line 1"},
      {"two documents", "{}\n{}", "malformed JSON in line 2"},
      {"a byte order mark", "\xEF\xBB\xBF{}", "a byte order mark in front"},
      {"a server twice", "{\"auths\":{\"h\":{},\n\"h\":{}}}", "a repeated key in line 2"},
      {"a field twice", R"({"auths":{"h":{"auth":"","auth":""}}})", "a repeated key in line 1"},
      {"an array", "[]", "the top level is not an object"},
      {"a string", R"("hunter2")", "the top level is not an object"},
      {"auths an array", R"({"auths":[]})", "auths is not an object"},
      {"credsStore an object", R"({"credsStore":{}})", "credsStore is not a string"},
      {"credHelpers a string", R"({"credHelpers":"pass"})", "credHelpers is not an object"},
      {"a helper that is a number", R"({"credHelpers":{"h":1}})",
       "credHelpers names a helper that is not a string"},
      {"two spellings of auths", R"({"auths":{},"Auths":{}})", "auths is there twice"},
      {"two spellings of credsStore", R"({"credsstore":"","credsStore":""})",
       "credsStore is there twice"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) { CHECK(refusal(row.text) == row.refusal); }
  }
}

TEST_CASE("the helpers that a config.json names") {
  const DockerConfig none = DockerConfig::parse(R"({"credsStore":null,"credHelpers":{}})");
  CHECK(none.creds_store().empty());
  CHECK(none.cred_helpers().empty());

  const DockerConfig some = DockerConfig::parse(
      R"({"CredsStore":"pass","credhelpers":{"gcr.io":"gcr","h":"","n":null}})");
  CHECK(some.creds_store() == "pass");
  CHECK(some.cred_helpers() ==
        std::map<std::string, std::string>{{"gcr.io", "gcr"}, {"h", ""}, {"n", ""}});
}

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
      {"password alone", R"({"password":"s3"})", "the username is empty", true, true},
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
      CHECK((entry.refusal ? entry.refusal->reason : kNoError) == row.problem);
      CHECK(entry.docker_reads_it == row.docker_reads_it);
      CHECK(entry.holds_credential == row.holds_credential);
      CHECK(config.entries().back().credential.has_value());
    }
  }
}

TEST_CASE("keys that a helper cannot be asked for") {
  for (const std::string key : {"", " h", "h ", R"(a\nb)", R"(a\u0000b)"}) {
    const DockerConfig config =
        DockerConfig::parse(R"({"auths":{")" + key + R"(":)" + auth("ada:s3") + "}}");
    CHECK_FALSE(config.entries().front().credential.has_value());
    CHECK(config.entries().front().refusal.value().reason == "a helper cannot be asked for it");
    CHECK(config.entries().front().docker_reads_it);
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

TEST_CASE("a ~/.dockercfg") {
  CHECK(DockerConfig::parse_dockercfg("").entries().empty());
  const DockerConfig config = DockerConfig::parse_dockercfg(
      R"({"https://index.docker.io/v1/":{"auth":"YWRhOnMz","email":"a@b"},"auths":{}})");
  const auto& entries = config.entries();
  REQUIRE(entries.size() == 2);
  REQUIRE(entries[0].credential.has_value());
  CHECK(entries[0].credential->server == "https://index.docker.io/v1/");
  CHECK(entries[1].key == "auths");
  CHECK_THROWS_WITH_AS(
      static_cast<void>(DockerConfig::parse_dockercfg("auth = YWRhOnMz\nemail = a@b\n")),
      "malformed JSON in line 1", Error);
}

TEST_CASE("edits") {
  struct Row {
    const char* name;
    std::string before;
    ConfigEdit edit;
    std::string after;
  };
  const std::string two =
      "{\n\t\"auths\": {},\n\t\"credHelpers\": {\n\t\t\"a\": \"x\",\n\t\t\"b\": \"y\"\n\t}\n}";
  const Row rows[] = {
      {"as docker would have left it",
       R"({"auths":{"h":{"auth":"YWRhOnMz"}}})",
       {{"h"}, "keyring", {}, {}},
       R"({"auths":{"h":{}},"credsStore":"keyring"})"},
      {"nothing to do",
       R"({ "auths":{"h":{"auth":"YWRhOnMz"}}})",
       {},
       R"({ "auths":{"h":{"auth":"YWRhOnMz"}}})"},
      {"an empty file", "", {{}, "keyring", {}, {}}, "{\n\t\"credsStore\": \"keyring\"\n}"},
      {"a blank file", "\n", {{}, "keyring", {}, {}}, "{\n\t\"credsStore\": \"keyring\"\n}"},
      {"an empty object", "{}\n", {{}, "keyring", {}, {}}, "{\n\t\"credsStore\": \"keyring\"\n}\n"},
      {"no entries",
       R"({"auths":{}})",
       {{}, "keyring", {}, {}},
       R"({"auths":{},"credsStore":"keyring"})"},
      {"every field of a login",
       R"({"auths":{"h":{"auth":"a","username":"u","password":"p","identitytoken":"t"}}})",
       {{"h"}, {}, {}, {}},
       R"({"auths":{"h":{}}})"},
      {"each case of a field",
       R"({"auths":{"h":{"auth":"a","AUTH":"b","Password":"p","\u0061utH":"c"}}})",
       {{"h"}, {}, {}, {}},
       R"({"auths":{"h":{}}})"},
      {"all other fields stay",
       R"({"auths":{"h":{ "email" : "e","auth":"a","registrytoken":"r" ,"password":"p","x":[1e2]}}})",
       {{"h"}, {}, {}, {}},
       R"({"auths":{"h":{ "email" : "e","registrytoken":"r","x":[1e2]}}})"},
      {"only the entries named",
       R"({"auths":{"a":{"auth":"a"},"b":{"auth":"b"},"c":{}}})",
       {{"b", "c", "d"}, {}, {}, {}},
       R"({"auths":{"a":{"auth":"a"},"b":{},"c":{}}})"},
      {"another credsStore",
       R"({"credsStore" : "pass" ,"x":1})",
       {{}, "keyring", {}, {}},
       R"({"credsStore" : "keyring" ,"x":1})"},
      {"credsStore in another case",
       R"({"CREDSSTORE":null})",
       {{}, "keyring", {}, {}},
       R"({"CREDSSTORE":"keyring"})"},
      {"no credsStore any more",
       "{\n  \"auths\": {},\n  \"credsStore\": \"keyring\"\n}\n",
       {{}, "", {}, {}},
       "{\n  \"auths\": {}\n}\n"},
      {"no credsStore to remove", R"({"auths":{}})", {{}, "", {}, {}}, R"({"auths":{}})"},
      {"the first credHelpers",
       "{\n\t\"auths\": {}\n}",
       {{}, "keyring", {{"a", ""}, {"b", ""}}, {}},
       "{\n\t\"auths\": {},\n\t\"credsStore\": \"keyring\",\n\t\"credHelpers\": {\n\t\t\"a\": "
       "\"\",\n\t\t\"b\": \"\"\n\t}\n}"},
      {"the first credHelpers, compact",
       R"({"auths":{}})",
       {{}, {}, {{"a", ""}}, {}},
       R"({"auths":{},"credHelpers":{"a":""}})"},
      {"credHelpers null",
       R"({"credHelpers":null,"x":1})",
       {{}, {}, {{"a", ""}}, {}},
       R"({"credHelpers":{"a":""},"x":1})"},
      {"credHelpers empty",
       "{\n    \"credHelpers\": {}\n}\n",
       {{}, {}, {{"a", ""}}, {}},
       "{\n    \"credHelpers\": {\n        \"a\": \"\"\n    }\n}\n"},
      {"one helper more",
       two,
       {{}, {}, {{"c", ""}}, {}},
       "{\n\t\"auths\": {},\n\t\"credHelpers\": {\n\t\t\"a\": \"x\",\n\t\t\"b\": "
       "\"y\",\n\t\t\"c\": \"\"\n\t}\n}"},
      {"a helper gives way to the file",
       R"({"credHelpers":{"a":"keyring","b":""}})",
       {{}, {}, {{"a", ""}, {"b", ""}}, {}},
       R"({"credHelpers":{"a":"","b":""}})"},
      {"one helper less",
       two,
       {{}, {}, {}, {"a"}},
       "{\n\t\"auths\": {},\n\t\"credHelpers\": {\n\t\t\"b\": \"y\"\n\t}\n}"},
      {"one for the other",
       two,
       {{}, {}, {{"c", ""}}, {"a", "b"}},
       "{\n\t\"auths\": {},\n\t\"credHelpers\": {\n\t\t\"c\": \"\"\n\t}\n}"},
      {"no helper left",
       two,
       {{}, "keyring", {}, {"a", "b"}},
       "{\n\t\"auths\": {},\n\t\"credsStore\": \"keyring\"\n}"},
      {"a helper takes the place of another",
       R"({"credHelpers":{"a":"pass","b":""}})",
       {{}, {}, {{"a", "keyring"}, {"b", "keyring"}}, {}},
       R"({"credHelpers":{"a":"keyring","b":"keyring"}})"},
      {"no helper to remove",
       R"({"credHelpers":{}})",
       {{}, {}, {}, {"a"}},
       R"({"credHelpers":{}})"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      CHECK(edited(row.before, row.edit) == row.after);
      CHECK(edited(row.after, row.edit) == row.after);  // a second run finds nothing to do
    }
  }
}

TEST_CASE("entries get a login") {
  struct Row {
    const char* name;
    std::string before, username, secret, after;
  };
  const Row rows[] = {
      {"as it was", R"({"auths":{"h":{}}})", "ada", "s3", R"({"auths":{"h":{"auth":"YWRhOnMz"}}})"},
      {"in docker's layout", "{\n\t\"auths\": {\n\t\t\"h\": {}\n\t}\n}", "ada", "s3",
       "{\n\t\"auths\": {\n\t\t\"h\": {\n\t\t\t\"auth\": \"YWRhOnMz\"\n\t\t}\n\t}\n}"},
      {"no file", "", "ada", "s3",
       "{\n\t\"auths\": {\n\t\t\"h\": {\n\t\t\t\"auth\": \"YWRhOnMz\"\n\t\t}\n\t}\n}"},
      {"no entries", R"({"x":1})", "ada", "s3", R"({"x":1,"auths":{"h":{"auth":"YWRhOnMz"}}})"},
      {"entries that are null", R"({"AUTHS":null})", "ada", "s3",
       R"({"AUTHS":{"h":{"auth":"YWRhOnMz"}}})"},
      {"an entry that is null", R"({"auths":{"h":null,"o":{}}})", "ada", "s3",
       R"({"auths":{"h":{"auth":"YWRhOnMz"},"o":{}}})"},
      {"another entry more", R"({"auths":{"o":{"auth":"?"}}})", "ada", "s3",
       R"({"auths":{"o":{"auth":"?"},"h":{"auth":"YWRhOnMz"}}})"},
      {"beside other fields", R"({"auths":{"h":{"registrytoken":"r"}}})", "ada", "s3",
       R"({"auths":{"h":{"registrytoken":"r","auth":"YWRhOnMz"}}})"},
      {"in the place of empty fields", R"({"auths":{"h":{"auth":"","Password":null,"x":1}}})",
       "ada", "s3", R"({"auths":{"h":{"x":1,"auth":"YWRhOnMz"}}})"},
      {"an identity token", R"({"auths":{"h":{}}})", "<token>", "ey.J",
       R"({"auths":{"h":{"auth":"MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwOg==",)"
       R"("identitytoken":"ey.J"}}})"},
      {"a colon in the username", R"({"auths":{"h":{}}})", "a:b", "s\"3",
       R"({"auths":{"h":{"username":"a:b","password":"s\"3"}}})"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const Credential login{"h", row.username, Secret(row.secret)};
      ConfigEdit edit;
      edit.filled["h"] = &login;
      CHECK(edited(row.before, edit) == row.after);
      CHECK(edited(row.after, edit) == row.after);
      const DockerConfig config = DockerConfig::parse(row.after);
      for (const auto& entry : config.entries()) {
        if (entry.key != "h") continue;
        REQUIRE(entry.credential.has_value());
        CHECK(entry.credential->username == row.username);
        CHECK(entry.credential->secret.reveal() == row.secret);
      }
    }
  }
}

// Spaces, escapes, numbers and line ends of every kind; @ and # stand for what the edit changes.
TEST_CASE("all other bytes stay as they are") {
  const std::string documents[] = {
      "{\r\n\t\"x\" :\t[ 1e300,123456789012345678901234567890 , -0.0E-7,{ }, [\r\n]],\r\n"
      "  \"auths\":{ \"\\u0068\\/\" : @ ,\r\n\r\n\"<>&\\u003c\":{\"auth\":\"YWRhOnMz\"} },\r\n"
      "\"HttpHeaders\" : {\"\\u00e9é\\ud83d\\ude00\":\"\\t\\b\"},\"credsStore\"  :#\r\n}",
      "  {\"credsStore\":#,\"b\":{\"a\":[null, true ,false]},\"a\":0,\"auths\":{\"h/\":@}}\n\n",
      "{\n\t\"auths\": {\n\t\t\"h/\": @\n\t},\n\t\"credsStore\": #,\n\t\"plugins\": {\"x\": "
      "{\"auth\": \"stays\"}}\n}",
  };
  const auto fill = [](std::string text, const std::string& entry, const std::string& store) {
    text.replace(text.find('@'), 1, entry);
    return text.replace(text.find('#'), 1, store);
  };
  for (const std::string& document : documents) {
    const std::string before = fill(document, auth("ada:s3"), R"("pass")");
    CHECK(edited(before, {}) == before);
    const std::string after = fill(document, "{}", R"("keyring")");
    CHECK(edited(before, {{"h/"}, "keyring", {}, {}}) == after);
    const Credential login{"h/", "ada", Secret("s3")};
    std::string filled = edited(after, {{}, {}, {}, {}, {{"h/", &login}}});
    const DockerConfig config = DockerConfig::parse(filled);
    CHECK(config.entries().front().credential.has_value());
    const std::string entry(config.text_of("h/"));
    CHECK(filled.replace(filled.find(entry), entry.size(), "{}") == after);
  }
}

TEST_CASE("a thousand entries") {
  std::string before = R"({"auths":{)";
  std::string after = before;
  ConfigEdit edit;
  for (int i = 0; i < 1000; ++i) {
    const std::string key = "registry-" + std::to_string(i) + ".example";
    const std::string comma = i == 0 ? "" : ",";
    before += comma + quote_json(key) + ":" + auth("ada:" + std::string(400, 's'));
    after += comma + quote_json(key) + ":{}";
    edit.emptied.insert(key);
  }
  const DockerConfig config = DockerConfig::parse(before + "}}");
  CHECK(config.entries().size() == 1000);
  CHECK(config.edited(edit) == after + "}}");
}

}  // namespace cred::test
