// SPDX-License-Identifier: MIT
#include "helper/kubelet/protocol.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "platform/system/error.h"
#include "tests/lab/refusal.h"

namespace cred::test {
namespace {

std::string request(const std::string& image) {
  return R"({"kind":"CredentialProviderRequest",)"
         R"("apiVersion":"credentialprovider.kubelet.k8s.io/v1","image":")" +
         image + "\"}\n";
}

}  // namespace

TEST_CASE("which registry an image lies in") {
  struct Row {
    const char* name;
    std::string image, registry, path;
  };
  const Row rows[] = {
      {"a port", "nexus.example.com:8083/team/app", "nexus.example.com:8083", "team/app"},
      {"a host with a dot", "quay.io/team/app", "quay.io", "team/app"},
      {"a host without a dot, with a port", "nexus:8083/app", "nexus:8083", "app"},
      {"localhost", "localhost/app", "localhost", "app"},
      {"Hub, as the kubelet spells it", "docker.io/library/app", "docker.io", "library/app"},
      {"Hub, another name of it", "index.docker.io/team/app", "docker.io", "team/app"},
      {"Hub, a name alone", "app", "docker.io", "library/app"},
      {"Hub, a user's", "team/app", "docker.io", "team/app"},
      {"Hub, no library", "docker.io/app", "docker.io", "library/app"},
      {"no port, but a tag", "localhost:5000", "docker.io", "library/localhost"},
      {"a tag", "quay.io/team/app:1.2", "quay.io", "team/app"},
      {"a digest", "reg:5000/app@sha256:0123", "reg:5000", "app"},
      {"a tag and a digest", "reg:5000/app:1@sha256:0123", "reg:5000", "app"},
      {"its spelling stays", "Quay.IO/app", "Quay.IO", "app"},
      {"a repository called like docker's own entries", "quay.io/a/access-token", "quay.io",
       "a/access-token"},
      {"IPv6", "[::1]:5000/app", "[::1]:5000", "app"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const ImageName image = parse_kubelet_request(request(row.image));
      CHECK(image.registry == row.registry);
      CHECK(image.path == row.path);
    }
  }
}

TEST_CASE("what is no image is refused") {
  for (const std::string image :
       {"", " ", "quay.io/", "quay.io//app", "/team/app", "/team/app@sha256X:00", "/app:1",
        "https://quay.io/app", "quay.io/a b", "quay.io/app\\n", "\\u0000", "quay.io/\\u001b[2J",
        "reg:port/app", "u@quay.io/app", ":5000/app", "@sha256:0"}) {
    CAPTURE(image);
    const auto read = [&] { static_cast<void>(parse_kubelet_request(request(image))); };
    CHECK(refusal_of(read) == "the request's image is not the name of an image");
  }
}

TEST_CASE("requests of the kubelet, and others") {
  const std::string version = R"("apiVersion":"credentialprovider.kubelet.k8s.io/v1")";
  const std::string kind = R"("kind":"CredentialProviderRequest")";
  const std::string image = R"("image":"quay.io/app")";
  struct Row {
    const char* name;
    std::string text;
    std::string says;  // of the refusal; empty: it is taken
  };
  const Row rows[] = {
      {"as it comes", '{' + kind + ',' + version + ',' + image + "}\n", ""},
      {"any order, any layout", "{\n " + image + ",\n " + version + ",\n " + kind + "\n}", ""},
      {"with members of later kubelets",
       '{' + kind + ',' + version + ',' + image +
           R"(,"serviceAccountToken":"hush","serviceAccountAnnotations":{"a":"b"},"more":[1]})",
       ""},
      {"nothing", "", "cannot be read"},
      {"no JSON", "quay.io/app", "cannot be read"},
      {"cut short", '{' + kind + ',' + version, "cannot be read"},
      {"two of them", '{' + kind + "} {}", "cannot be read"},
      {"a member twice", '{' + kind + ',' + version + ',' + image + ',' + image + '}',
       "cannot be read"},
      {"a list", "[]", "not a JSON object"},
      {"no apiVersion", '{' + kind + ',' + image + '}', "no apiVersion"},
      {"apiVersion null", R"({"apiVersion":null,)" + kind + ',' + image + '}', "no apiVersion"},
      {"v1beta1",
       R"({"apiVersion":"credentialprovider.kubelet.k8s.io/v1beta1",)" + kind + ',' + image + '}',
       "another apiVersion than credentialprovider.kubelet.k8s.io/v1"},
      {"v10",
       R"({"apiVersion":"credentialprovider.kubelet.k8s.io/v10",)" + kind + ',' + image + '}',
       "another apiVersion"},
      {"no kind", '{' + version + ',' + image + '}', "no kind"},
      {"another kind", R"({"kind":"CredentialProviderResponse",)" + version + ',' + image + '}',
       "not of kind CredentialProviderRequest"},
      {"no image", '{' + kind + ',' + version + '}', "no image"},
      {"a number for an image", '{' + kind + ',' + version + R"(,"image":1})", "no image"},
      {"a member in capitals", '{' + kind + ',' + version + R"(,"Image":"quay.io/app"})",
       "no image"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const std::string refusal =
          refusal_of([&] { static_cast<void>(parse_kubelet_request(row.text)); });
      CHECK(refusal.find(row.says) != std::string::npos);
      CHECK(refusal.empty() == row.says.empty());
      CHECK(refusal.find("quay.io") == std::string::npos);
      CHECK(refusal.find("hush") == std::string::npos);
    }
  }
}

TEST_CASE("responses, to the byte") {
  const std::string head =
      R"({"kind":"CredentialProviderResponse","apiVersion":"credentialprovider.kubelet.k8s.io/v1",)";
  CHECK(write_kubelet_response(std::nullopt, KubeletScope::image) ==
        head + R"("cacheKeyType":"Image","cacheDuration":"0s"})"
               "\n");
  CHECK(write_kubelet_response(Credential{"nexus.example.com:8083", "u", Secret("p")},
                               KubeletScope::registry) ==
        head + R"("cacheKeyType":"Registry","cacheDuration":"10m0s",)"
               R"("auth":{"nexus.example.com:8083":{"username":"u","password":"p"}}})"
               "\n");
  const std::string odd = "\"\\<>&é\n\t 🗝";
  const auto response = nlohmann::json::parse(
      write_kubelet_response(Credential{"quay.io/team", odd, Secret(odd)}, KubeletScope::image));
  CHECK(response["cacheKeyType"] == "Image");
  CHECK(response["auth"]["quay.io/team"]["username"] == odd);
  CHECK(response["auth"]["quay.io/team"]["password"] == odd);
  CHECK_THROWS_AS(static_cast<void>(write_kubelet_response(
                      Credential{"quay.io", "u", Secret("\xff")}, KubeletScope::image)),
                  Error);
}

}  // namespace cred::test
