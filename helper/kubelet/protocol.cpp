// SPDX-License-Identifier: MIT
#include "helper/kubelet/protocol.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "helper/servers/server_address.h"
#include "helper/text/json_text.h"
#include "platform/system/error.h"
#include "platform/text/utf8.h"

namespace cred {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kHub = "docker.io";

[[noreturn]] void refuse(const std::string& message) { throw Error(Errc::bad_request, message); }

// The kubelet's decoders tell upper from lower case.
const JsonNode* find_member(const JsonNode& object, std::string_view name) {
  const auto found = std::ranges::find(object.members, name, &JsonMember::key);
  return found == object.members.end() ? nullptr : &found->value;
}

std::string text_member(const JsonNode& request, std::string_view name) {
  const JsonNode* value = find_member(request, name);
  if (value == nullptr || value->kind != JsonKind::string) {
    refuse("the request has no " + std::string(name) + " that is a string");
  }
  return value->string;
}

bool is_plain(char c) { return c > ' ' && c < '\x7f'; }

// Without what may follow the last part of the path: a tag, a digest.
std::string_view without_tag(std::string_view image) {
  const auto last_slash = image.rfind('/');
  const auto last_part = last_slash == std::string_view::npos ? 0 : last_slash + 1;
  return image.substr(0, image.find_first_of(":@", last_part));
}

JsonNode parse_request(std::string_view text) {
  try {
    return parse_json(text);
  } catch (const Error& failure) {
    refuse(std::string("the request cannot be read: ") + failure.what());
  }
}

// As docker and the kubelet split a name. Throws bad_request for what is no name of an image.
ImageName parse_image(std::string_view image) {
  const std::string_view name = without_tag(image);
  const auto slash = name.find('/');
  ImageName result{std::string(kHub), std::string(name)};
  if (slash != std::string_view::npos && looks_like_registry(name.substr(0, slash))) {
    result = {std::string(name.substr(0, slash)), std::string(name.substr(slash + 1))};
  }
  if (result.registry == "index.docker.io") result.registry = kHub;
  if (result.registry == kHub && result.path.find('/') == std::string::npos) {
    result.path.insert(0, "library/");
  }
  const bool has_empty_part = ('/' + std::string(name) + '/').find("//") != std::string::npos;
  const bool is_name =
      std::ranges::all_of(image, is_plain) && !has_empty_part && image_prefix(result.registry);
  if (!is_name) refuse("the request's image is not the name of an image");
  return result;
}

}  // namespace

ImageName parse_kubelet_request(std::string_view text) {
  const JsonNode request = parse_request(text);
  if (request.kind != JsonKind::object) refuse("the request is not a JSON object");
  if (text_member(request, "apiVersion") != kKubeletApiVersion) {
    refuse("the request is of another apiVersion than " + std::string(kKubeletApiVersion) +
           "; name this one in the kubelet's configuration, as kubelet --print-config does");
  }
  if (text_member(request, "kind") != "CredentialProviderRequest") {
    refuse("the request is not of kind CredentialProviderRequest");
  }
  return parse_image(text_member(request, "image"));
}

std::string go_duration(std::chrono::seconds time) {
  const auto hours = std::chrono::floor<std::chrono::hours>(time);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(time - hours);
  const auto seconds = time - hours - minutes;
  std::string text;
  if (hours.count() > 0) text += std::to_string(hours.count()) + 'h';
  if (hours.count() > 0 || minutes.count() > 0) text += std::to_string(minutes.count()) + 'm';
  return text + std::to_string(seconds.count()) + 's';
}

std::string write_kubelet_response(const std::optional<Credential>& credential, KubeletScope scope,
                                   std::chrono::seconds cache_time) {
  // The kubelet refuses members that it does not know, and a response without cacheKeyType.
  Json response = {{"kind", "CredentialProviderResponse"},
                   {"apiVersion", kKubeletApiVersion},
                   {"cacheKeyType", scope == KubeletScope::registry ? "Registry" : "Image"},
                   {"cacheDuration", credential ? go_duration(cache_time) : "0s"}};
  if (credential) {
    if (!is_utf8(credential->secret.reveal())) {
      throw Error(Errc::io, "the stored secret is not UTF-8 text, so JSON cannot carry it");
    }
    response["auth"] = {
        {credential->server,
         {{"username", credential->username}, {"password", credential->secret.reveal()}}}};
  }
  return response.dump() + '\n';
}

}  // namespace cred
