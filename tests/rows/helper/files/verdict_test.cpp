// SPDX-License-Identifier: MIT
#include "helper/files/verdict.h"

#include <doctest/doctest.h>

#include <string>

#include "platform/store/docker_names.h"
#include "tests/lab/auth_entry.h"

namespace cred::test {

TEST_CASE("what moves, and what stays and why") {
  struct Row {
    const char* name;
    const LoginFormat& format;
    std::string text;  // its first entry is judged
    Fate fate;
    std::string reason;  // a part of it
    std::string helper;
    bool is_exempt;
  };
  const auto& docker = kDockerConfigFormat;
  const auto& containers = kAuthFileFormat;
  const std::string ada = auth("ada:s3");
  const Row rows[] = {
      {"a credential", docker, R"({"auths":{"h":)" + ada + "}}", Fate::moves, "", "", false},
      {"of auth.json", containers, R"({"auths":{"h":)" + ada + "}}", Fate::moves, "", "", false},
      {"of .dockercfg", kDockercfgFormat, R"({"h":)" + ada + "}", Fate::copied, "never written", "",
       false},
      {"an empty entry", docker, R"({"auths":{"h":{}}})", Fate::nothing, "no login", "", false},
      {"a registry token", docker, R"({"auths":{"h":{"registrytoken":"t"}}})", Fate::nothing,
       "registrytoken", "", false},
      {"one that cannot be read", docker, R"({"auths":{"h":{"auth":"?"}}})", Fate::stays, "base64",
       "", false},
      {"one that is too long", docker,
       R"({"auths":{"h":)" + auth("ada:" + std::string(kLargestText + 1, 'x')) + "}}", Fate::stays,
       "is longer than", "", false},
      {"a part of a registry", docker, R"({"auths":{"h/team":)" + ada + "}}", Fate::copied,
       "in files alone", "", false},
      {"a part of a registry, of auth.json", containers, R"({"auths":{"h/team":)" + ada + "}}",
       Fate::stays, "whole ones", "", false},
      {"our helper", docker, R"({"auths":{"h":)" + ada + R"(},"credsStore":"keyring"})",
       Fate::moves, "", "", false},
      {"another helper for all", docker, R"({"auths":{"h":)" + ada + R"(},"credsStore":"pass"})",
       Fate::stays, "pass", "pass", false},
      {"which auth.json does not obey", containers,
       R"({"auths":{"h":)" + ada + R"(},"credsStore":"pass"})", Fate::moves, "", "", false},
      {"another helper for one", docker,
       R"({"auths":{"h":)" + ada + R"(},"credHelpers":{"h":"pass"}})", Fate::stays, "pass", "pass",
       false},
      {"another helper for a name that docker does not ask for", docker,
       R"({"auths":{"h":)" + ada + R"(},"credHelpers":{"https://h":"pass"}})", Fate::moves, "", "",
       false},
      {"another helper for the Hub", docker,
       R"({"auths":{"https://index.docker.io/v1/":)" + ada +
           R"(},"credHelpers":{"https://index.docker.io/v1/":"pass"}})",
       Fate::stays, "pass", "pass", false},
      {"another helper for what an entry with a scheme is asked as", docker,
       R"({"auths":{"https://h/v1/":)" + ada + R"(},"credHelpers":{"h":"pass"}})", Fate::stays,
       "pass", "pass", false},
      {"another helper for one, in auth.json", containers,
       R"({"auths":{"h":)" + ada + R"(},"credHelpers":{"h":"pass"}})", Fate::stays, "pass", "pass",
       false},
      {"another helper for the Hub, as the readers of auth.json look for it", containers,
       R"({"auths":{"https://index.docker.io/v1/":)" + ada +
           R"(},"credHelpers":{"docker.io":"pass"}})",
       Fate::stays, "pass", "pass", false},
      {"ours for one, another for all", docker,
       R"({"auths":{"h":)" + ada + R"(},"credHelpers":{"h":"keyring"},"credsStore":"pass"})",
       Fate::moves, "", "", false},
      {"the file itself for one", docker,
       R"({"auths":{"h":)" + ada + R"(},"credHelpers":{"h":""},"credsStore":"keyring"})",
       Fate::moves, "", "", true},
      {"the file itself for one, another helper for all", docker,
       R"({"auths":{"h":)" + ada + R"(},"credHelpers":{"h":""},"credsStore":"pass"})", Fate::stays,
       "reads it here", "", true},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const DockerConfig config = row.format.parse(row.text);
      const Verdict verdict = judge(config.entries().front(), config, row.format);
      CHECK(verdict.fate == row.fate);
      CHECK(verdict.reason.empty() == row.reason.empty());
      CHECK(verdict.reason.find(row.reason) != std::string::npos);
      CHECK(verdict.helper == row.helper);
      CHECK(verdict.is_exempt == row.is_exempt);
    }
  }
}

TEST_CASE("who takes the place of a helper judges what it has as our own") {
  const DockerConfig config =
      DockerConfig::parse(R"({"auths":{"h":)" + auth("ada:s3") + R"(},"credsStore":"pass"})");
  const auto is_ours = [](const std::string& helper, const std::string& server) {
    return helper == "pass" && server == "h";
  };
  const ConfigEntry& entry = config.entries().front();
  CHECK(judge(entry, config, kDockerConfigFormat, is_ours).fate == Fate::moves);
}

}  // namespace cred::test
