// SPDX-License-Identifier: MIT
#include "helper/export/document.h"

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "helper/files/docker_config.h"
#include "helper/servers/server_address.h"
#include "platform/system/error.h"

namespace cred::test {
namespace {

using Json = nlohmann::json;

std::map<std::string, Credential> one(const std::string& username, const std::string& secret) {
  std::map<std::string, Credential> credentials;
  credentials.emplace("reg:5000", Credential{"reg:5000", username, Secret(secret)});
  return credentials;
}

}  // namespace

TEST_CASE("a config.json as docker writes it") {
  auto credentials = one("ada", "s3");
  credentials.emplace("https://index.docker.io/v1/",
                      Credential{"docker.io", "<token>", Secret("t")});
  CHECK(write_docker_config(credentials) ==
        "{\n"
        "\t\"auths\": {\n"
        "\t\t\"https://index.docker.io/v1/\": {\n"
        "\t\t\t\"auth\": \"MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwOg==\",\n"
        "\t\t\t\"identitytoken\": \"t\"\n"
        "\t\t},\n"
        "\t\t\"reg:5000\": {\n"
        "\t\t\t\"auth\": \"YWRhOnMz\"\n"
        "\t\t}\n"
        "\t}\n"
        "}\n");
}

TEST_CASE("what is written reads as the same login") {
  const std::pair<std::string, std::string> rows[] = {
      {"ada", "s3"},
      {"ada", "pass:word: with \"colons\" <&> é 🗝 \n"},
      {"eve/robot$p+x", std::string(70'000, 'x')},
      {"_json_key", "{\"type\": \"service_account\"}"},
      {"<token>", "idt.<\"&>é"},
      {"ada:b", "s3:é"},  // in the fields that docker reads where there is no "auth"
  };
  for (const auto& row : rows) {
    const auto& username = row.first;
    const auto& secret = row.second;
    CAPTURE(username);
    const auto config = DockerConfig::parse(write_docker_config(one(username, secret)));
    REQUIRE(config.entries().size() == 1);
    const ConfigEntry& entry = config.entries().front();
    REQUIRE(entry.credential);
    CHECK(entry.key == "reg:5000");
    CHECK(entry.credential->username == username);
    CHECK(entry.credential->secret.reveal() == secret);
  }
}

TEST_CASE("what auths cannot express is refused") {
  const std::pair<std::string, std::string> rows[] = {
      {"<token>", "idt\xff"},  // JSON cannot carry it
      {"ada:b", "pass\xff"},   // nor this
      {"ada", "pass\xff"},     // nor can a helper give it, as docker's answer
      {"", "s3"},              // docker takes the whole file for broken
      {"ada", std::string("s\0", 2)},
  };
  for (const auto& row : rows) {
    const auto& username = row.first;
    const auto& secret = row.second;
    CAPTURE(username);
    try {
      static_cast<void>(write_docker_config(one(username, secret)));
      FAIL("it was written");
    } catch (const Error& failure) {
      const std::string text = failure.what();
      CHECK(failure.code() == Errc::io);
      CHECK(text.starts_with("reg:5000: "));
      CHECK(text.find(secret) == std::string::npos);
    }
  }
}

TEST_CASE("the keys of auths") {
  const std::pair<std::string, std::string> rows[] = {
      {"reg:5000", "reg:5000"},
      {"https://reg:5000/v2/", "https://reg:5000/v2/"},
      {"Reg/team", "Reg/team"},
      {"docker.io", "https://index.docker.io/v1/"},
      {"index.docker.io", "https://index.docker.io/v1/"},
      {"registry-1.docker.io", "https://index.docker.io/v1/"},
      {"https://index.docker.io/v1", "https://index.docker.io/v1/"},
      {"https://index.docker.io/v1/", "https://index.docker.io/v1/"},
      {"docker.io/team", "docker.io/team"},
      {"https://index.docker.io/v1/access-token", "https://index.docker.io/v1/access-token"},
  };
  for (const auto& row : rows) {
    const auto& server = row.first;
    const auto& key = row.second;
    CAPTURE(server);
    CHECK(auths_key(server) == key);
  }
}

TEST_CASE("a Secret") {
  const std::string config = write_docker_config(one("ada", "s3"));
  const Json anywhere = Json::parse(write_kubernetes_secret(config, {"pull", ""}));
  CHECK(anywhere["apiVersion"] == "v1");
  CHECK(anywhere["kind"] == "Secret");
  CHECK(anywhere["type"] == "kubernetes.io/dockerconfigjson");
  CHECK(anywhere["metadata"] == Json{{"name", "pull"}});
  CHECK(anywhere["data"].size() == 1);
  CHECK(anywhere["data"][".dockerconfigjson"].get<std::string>().starts_with("ewoJImF1dGhzIjog"));
  const Json somewhere = Json::parse(write_kubernetes_secret(config, {"pull", "team"}));
  CHECK(somewhere["metadata"] == Json{{"name", "pull"}, {"namespace", "team"}});
}

TEST_CASE("names that Kubernetes takes") {
  struct Row {
    std::string text;
    bool is_name, is_namespace;
  };
  const Row rows[] = {
      {"a", true, true},
      {"pull-secret-1", true, true},
      {"1", true, true},
      {"a.b", true, false},
      {std::string(63, 'a'), true, true},
      {std::string(64, 'a'), true, false},
      {std::string(253, 'a'), true, false},
      {std::string(254, 'a'), false, false},
      {"", false, false},
      {"A", false, false},
      {"a_b", false, false},
      {"-a", false, false},
      {"a-", false, false},
      {"a..b", false, false},
      {".a", false, false},
      {"a.", false, false},
      {"a.-b", false, false},
      {"a\n", false, false},
      {"é", false, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(!problem_of_secret_name(row.text) == row.is_name);
    CHECK(!problem_of_namespace(row.text) == row.is_namespace);
  }
}

}  // namespace cred::test
