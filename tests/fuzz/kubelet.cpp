// SPDX-License-Identifier: MIT
// What a kubelet sends, and which image a server stands for: in a first line the server, behind it
// the request, or the name of an image.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "helper/kubelet/config.h"
#include "helper/kubelet/protocol.h"
#include "helper/servers/image_pattern.h"
#include "platform/text/strings.h"
#include "tests/fuzz/fuzz.h"

namespace cred::test {
namespace {

using Json = nlohmann::json;

// Whether * in `glob` can stand for what `text` has there, told anew: by a table, a row a letter.
bool fits(std::string_view glob, std::string_view text) {
  std::vector<bool> row(text.size() + 1);
  row[0] = true;
  for (const char letter : glob) {
    std::vector<bool> next(text.size() + 1);
    next[0] = letter == '*' && row[0];
    for (std::size_t i = 0; i < text.size(); ++i) {
      next[i + 1] = letter == '*' ? row[i + 1] || next[i] : row[i] && letter == text[i];
    }
    row = next;
  }
  return row.back();
}

// As the kubelet's own: parts of the host one by one, the port, and the beginning of the path.
bool kubelet_matches(const std::string& pattern, const ImageName& image) {
  const auto [registry, path] = cut(pattern, "/");
  const auto [host, port] = cut(registry, ":");
  const auto [image_host, image_port] = cut(image.registry, ":");
  const auto globs = parts_of(host, ".");
  const auto parts = parts_of(image_host, ".");
  bool all = port == image_port && globs.size() == parts.size() && image.path.starts_with(path);
  for (std::size_t i = 0; all && i < globs.size(); ++i) all = fits(globs[i], parts[i]);
  return all;
}

void check_pattern(const std::string& server, const ImageName& image) {
  const auto pattern = image_pattern(server);
  failure_of([&] { static_cast<void>(match_pattern(server)); });  // which quotes it
  if (!pattern) return;
  hold(image_pattern(*pattern) == pattern, "a pattern stays as it is");
  hold(!contains(*pattern, '*') || is_glob(*pattern), "what has a * is a glob");
  const auto config = write_provider_config({.patterns = {*pattern}});
  hold(contains(parts_of(config), "      - " + Json(*pattern).dump()), "the config names it");
  // What stands in brackets the kubelet reads in another way.
  if (pattern->starts_with('[')) return;
  hold(matches(*pattern, image) == kubelet_matches(*pattern, image),
       "it matches as the kubelet does");
}

void check_response(const ImageName& image) {
  const Credential credential{image.registry, "ada", Secret(kSecretWord)};
  for (const auto scope : {KubeletScope::image, KubeletScope::registry}) {
    const auto response = Json::parse(write_kubelet_response(copy(credential), scope));
    hold(response.at("auth").at(image.registry).at("password") == kSecretWord, "it has the secret");
  }
}

}  // namespace

void fuzz(const std::string& input) {
  const auto lines = cut(input);
  const std::string& request = lines.second;
  const auto image = result_of([&] { return parse_kubelet_request(request); });
  if (image) {
    hold(looks_like_registry(image->registry), "an image lies in a registry");
    hold(!image->path.empty() && !image->path.starts_with('/'), "and has a path there");
    const std::string tagged = image->registry + '/' + image->path + ":tag";
    const Json spelt = {{"apiVersion", kKubeletApiVersion},
                        {"kind", "CredentialProviderRequest"},
                        {"image", tagged}};
    const auto again = parse_kubelet_request(spelt.dump());
    hold(again.registry == image->registry && again.path == image->path, "its name is its name");
    check_response(*image);
  }
  const auto [registry, path] = cut(request, "/");
  check_pattern(lines.first, image ? *image : ImageName{registry, path});
}

}  // namespace cred::test
