// SPDX-License-Identifier: MIT
#include "helper/servers/server_address.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "platform/text/strings.h"

namespace cred {
namespace {

enum class Scheme { none, https, http };

// host[:port][/path] in one spelling for all. The path has no slash at either end.
struct Address {
  Scheme scheme = Scheme::none;
  std::string host;
  std::string port;
  std::string path;
};

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHostCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-._";
constexpr std::string_view kAddress6Characters = "abcdef0123456789:.";
constexpr std::string_view kHub = "docker.io";
constexpr std::array<std::string_view, 2> kHubAliases{"index.docker.io", "registry-1.docker.io"};
constexpr std::array<std::string_view, 2> kTokenEntries{"access-token", "refresh-token"};

bool consists_of(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

// Takes "https://" or "http://" off `text`; false if it has another scheme.
bool take_scheme(std::string_view& text, Scheme& scheme) {
  const auto end = text.find("://");
  if (end == std::string_view::npos) return true;
  const std::string name = lower_case(text.substr(0, end));
  text.remove_prefix(end + 3);
  if (name == "https")
    scheme = Scheme::https;
  else if (name == "http")
    scheme = Scheme::http;
  else
    return false;
  return true;
}

bool parse_host_and_port(std::string_view text, Address& address) {
  const std::string lower = lower_case(text);
  std::string_view rest = lower;
  std::string_view allowed = kHostCharacters;
  std::size_t end = rest.find(':');
  if (rest.starts_with('[')) {  // [::1]
    end = rest.find(']');
    if (end == std::string_view::npos) return false;
    allowed = kAddress6Characters;
    address.host = rest.substr(1, end - 1);
    if (!contains(address.host, ':')) return false;  // no address of IPv6, nor a name
    rest.remove_prefix(end + 1);
  } else {
    address.host = rest.substr(0, end);
    rest.remove_prefix(address.host.size());
  }
  if (address.host.empty() || !consists_of(address.host, allowed)) return false;
  if (rest.empty()) return true;
  if (rest.front() != ':' || rest.size() == 1) return false;
  address.port = rest.substr(1);
  return consists_of(address.port, kDigits);
}

// A path of plain, non-empty segments; one final slash is allowed.
bool parse_path(std::string_view text, Address& address) {
  if (text.ends_with('/')) text.remove_suffix(1);
  if (text.empty() || text == "v1" || text == "v2") return true;
  const auto is_plain = [](char c) {
    return c > ' ' && c < '\x7f' && c != '?' && c != '#' && c != '\\';
  };
  if (!std::ranges::all_of(text, is_plain)) return false;
  const std::string framed = '/' + std::string(text) + '/';
  for (const std::string_view odd : {"//", "/./", "/../"}) {
    if (framed.find(odd) != std::string::npos) return false;
  }
  address.path = text;
  return true;
}

bool is_token_entry(const Address& address) {
  const std::string_view path = address.path;
  const auto slash = path.rfind('/');
  const std::string_view last = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return contains(kTokenEntries, last);
}

// nullopt for what is to be matched exactly or not at all.
std::optional<Address> parse(std::string_view text) {
  Address address;
  if (!take_scheme(text, address.scheme)) return std::nullopt;
  const auto slash = std::min(text.find('/'), text.size());
  if (!parse_host_and_port(text.substr(0, slash), address)) return std::nullopt;
  text.remove_prefix(std::min(slash + 1, text.size()));
  if (!parse_path(text, address) || is_token_entry(address)) return std::nullopt;
  if (contains(kHubAliases, address.host) && address.port.empty()) address.host = kHub;
  return address;
}

// As it stands in a URL, and in the name of an image.
std::string host_and_port(std::string host, const std::string& port) {
  if (host.find(':') != std::string::npos) host = '[' + host + ']';  // IPv6
  return port.empty() ? host : host + ':' + port;
}

// Only without a port does the Hub have its other names.
bool is_hub(const Address& address) { return address.host == kHub && address.port.empty(); }

bool same_place(const Address& a, const Address& b) { return a.host == b.host && a.port == b.port; }

bool is_below(std::string_view path, std::string_view prefix) {
  if (prefix.empty()) return !path.empty();
  return path.size() > prefix.size() && path.starts_with(prefix) && path[prefix.size()] == '/';
}

}  // namespace

std::string shown_server(const std::string& server) {
  return trim(server).empty() ? '"' + server + '"' : server;
}

std::string asked_as(const std::string& key) {
  if (key == kHubKey) return key;
  const auto scheme = key.find("://");
  const std::string rest = scheme == std::string::npos ? key : key.substr(scheme + 3);
  return rest.substr(0, rest.find('/'));
}

std::string asked_by_containers_tools(const std::string& server) {
  const std::string host = asked_as(server);
  return same_registry(host, kHubKey) ? "docker.io" : host;
}

bool is_hub_token(std::string_view key) {
  return key.starts_with(kHubKey) &&
         contains(kTokenEntries, key.substr(std::string_view(kHubKey).size()));
}

bool is_namespaced(const std::string& key) {
  const bool has_scheme = key.starts_with("http://") || key.starts_with("https://");
  return !has_scheme && key.find('/') != std::string::npos && !same_registry(key, asked_as(key));
}

std::vector<std::string> answering_servers(std::string_view asked,
                                           std::span<const std::string> stored,
                                           bool namespace_fallback) {
  const auto question = parse(asked);
  if (!question) return {};
  // Sorted by: length of the matching path, longest first; then the scheme asked before others.
  using Rank = std::tuple<std::size_t, bool, Scheme, std::string>;
  std::vector<Rank> ranks;
  for (const auto& server : stored) {
    const auto entry = parse(server);
    if (!entry || server == asked || !same_place(*entry, *question)) continue;
    if (question->scheme == Scheme::http && entry->scheme == Scheme::https) continue;
    const bool answers = entry->path == question->path ||
                         (namespace_fallback && is_below(question->path, entry->path));
    if (!answers) continue;
    ranks.emplace_back(question->path.size() - entry->path.size(),
                       entry->scheme != question->scheme, entry->scheme, server);
  }
  std::ranges::sort(ranks);
  std::vector<std::string> servers;
  servers.reserve(ranks.size());
  for (auto& rank : ranks) servers.push_back(std::move(std::get<std::string>(rank)));
  return servers;
}

std::vector<std::string> usual_spellings(std::string_view server) {
  const auto address = parse(server);
  if (!address) return {std::string(server)};
  std::vector<std::string> hosts{address->host};
  if (is_hub(*address)) hosts.insert(hosts.end(), kHubAliases.begin(), kHubAliases.end());
  std::vector<std::string> ends{"", "/", "/v1/", "/v2/"};
  if (!address->path.empty()) ends = {'/' + address->path, '/' + address->path + '/'};

  std::vector<std::string> spellings;
  for (const auto& host : hosts) {
    const std::string place = host_and_port(host, address->port);
    for (const char* scheme : {"", "https://", "http://"}) {
      for (const auto& end : ends) {
        spellings.push_back(std::string(scheme).append(place).append(end));
      }
    }
  }
  if (!contains(spellings, server)) spellings.emplace_back(server);
  return spellings;
}

bool same_registry(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto left = parse(a);
  const auto right = parse(b);
  return left && right && same_place(*left, *right) && left->path == right->path;
}

bool is_replaced_by(std::string_view other, std::string_view server) {
  if (other == server) return false;
  const auto older = parse(other);
  const auto newer = parse(server);
  if (!older || !newer || !same_place(*older, *newer) || older->path != newer->path) return false;
  if (newer->scheme == Scheme::none) return true;
  return older->scheme == newer->scheme ||
         (newer->scheme == Scheme::https && older->scheme == Scheme::none);
}

std::optional<std::string> image_prefix(std::string_view server) {
  const auto address = parse(server);
  if (!address) return std::nullopt;
  const std::string place = host_and_port(address->host, address->port);
  return address->path.empty() ? place : place + '/' + address->path;
}

std::string auths_key(const std::string& server) {
  return image_prefix(server) == kHub ? kHubKey : server;
}

}  // namespace cred
