// SPDX-License-Identifier: MIT
#include "helper/files/docker_config.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "platform/system/error.h"
#include "tests/lab/auth_entry.h"

namespace cred::test {
namespace {

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
      const Credential credential{"h", row.username, Secret(row.secret)};
      ConfigEdit edit;
      edit.filled["h"] = &credential;
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
    const Credential credential{"h/", "ada", Secret("s3")};
    std::string filled = edited(after, {{}, {}, {}, {}, {{"h/", &credential}}});
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
