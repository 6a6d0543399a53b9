// SPDX-License-Identifier: MIT
#include "helper/run/job.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "platform/system/error.h"

namespace cred::test {

TEST_CASE("docker's config.json for a job: all but what is about credentials") {
  const struct {
    const char* name;
    std::string text;
    std::string made;  // on one line
  } rows[] = {
      {"none", "", R"({"credsStore":"keyring"})"},
      {"blank", " \n", R"({"credsStore":"keyring"})"},
      {"other settings", R"({"currentContext":"away","detachKeys":"ctrl-e"})",
       R"({"currentContext":"away","detachKeys":"ctrl-e","credsStore":"keyring"})"},
      {"logins and helpers",
       R"({"auths":{"a":{"auth":"eDp5"}},"credHelpers":{"b":"pass"},"credsStore":"pass","HttpHeaders":{"X":"y"}})",
       R"({"credsStore":"keyring"})"},
      {"in any case, as docker takes them",
       R"({"Auths":{"a":{"auth":"eDp5"}},"CREDHELPERS":{},"CredsStore":"pass","httpheaders":{}})",
       R"({"credsStore":"keyring"})"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(nlohmann::ordered_json::parse(job_config(row.text)).dump() == row.made);
  }
}

TEST_CASE("a config.json that is none stops the job") {
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += R"({"a":)";
  for (const std::string& text : {std::string("{"), std::string("[]"), std::string("7"), deep}) {
    CAPTURE(text.size());
    CHECK_THROWS_AS(static_cast<void>(job_config(text)), Error);
  }
}

TEST_CASE("auth.json for a job names us for each server, as these tools ask") {
  std::vector<Credential> credentials;
  for (const char* server : {"https://reg.example:5000/v2/", "index.docker.io", "b.example"}) {
    credentials.push_back({server, "ci", Secret("word")});
  }
  const auto made = nlohmann::json::parse(job_auth_file(credentials));
  CHECK(made["credHelpers"] == nlohmann::json{{"reg.example:5000", "keyring"},
                                              {"docker.io", "keyring"},
                                              {"b.example", "keyring"}});
  CHECK(made["auths"].empty());
  CHECK(job_auth_file(credentials).find("word") == std::string::npos);
}

}  // namespace cred::test
