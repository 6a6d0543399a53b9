// SPDX-License-Identifier: MIT
// The places that people write.
#include <algorithm>
#include <regex>

#include "platform/system/error.h"
#include "platform/vault/place/place.h"

namespace cred {
namespace {

constexpr std::string_view kEtcd = "etcd://";
constexpr std::string_view kHttps = "https://";
constexpr std::string_view kEtcdPort = ":2379";
constexpr std::size_t kLongest = 2048;

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  throw Error(Errc::bad_request,
              std::string(text) + ": " + why +
                  "; a place is etcd://HOST:PORT,HOST:PORT/PREFIX or https://HOST/PATH");
}

// Of a URL, none of which ends a line or an argument, or begins a query.
bool is_plain(char c) {
  constexpr std::string_view kOthers = "-._~:/[]@!$&'()*+,;=%";
  const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return is_word || kOthers.find(c) != std::string_view::npos;
}

// "e1:2379" of "e1" too; an address of IPv6 stands in brackets.
std::string member_of(std::string_view text, std::string_view place) {
  static const std::regex member(R"((\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?)");
  std::cmatch parts;
  if (!std::regex_match(text.data(), text.data() + text.size(), parts, member)) {
    refuse(place, "one of its members is not HOST:PORT");
  }
  return std::string(text).append(parts[2].matched ? "" : kEtcdPort);
}

}  // namespace

PlaceAddress parse_place(std::string_view text) {
  if (text.size() > kLongest || !std::ranges::all_of(text, is_plain)) {
    refuse(text, "it has characters that no place has");
  }
  PlaceAddress address;
  address.text = text;
  if (text.starts_with(kHttps)) {
    const auto rest = text.substr(kHttps.size());
    const auto host = rest.substr(0, rest.find('/'));
    if (host.empty() || host.size() == rest.size()) refuse(text, "it names no file");
    if (host.find('@') != std::string_view::npos) {
      refuse(text, "a password stands in a file of its own, which --password-file names");
    }
    address.kind = PlaceKind::https;
    return address;
  }
  if (!text.starts_with(kEtcd)) refuse(text, "it begins with neither etcd:// nor https://");
  auto rest = text.substr(kEtcd.size());
  const auto slash = rest.find('/');
  std::string_view prefix = slash == std::string_view::npos ? "" : rest.substr(slash);
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (prefix.empty()) refuse(text, "it names no prefix, for which a role is granted");
  address.key = std::string(prefix) + "/vault";
  for (auto members = rest.substr(0, slash);;) {
    const auto comma = members.find(',');
    address.members.push_back(member_of(members.substr(0, comma), text));
    if (comma == std::string_view::npos) return address;
    members.remove_prefix(comma + 1);
  }
}

}  // namespace cred
