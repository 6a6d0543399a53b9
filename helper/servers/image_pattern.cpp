// SPDX-License-Identifier: MIT
#include "helper/servers/image_pattern.h"

#include <algorithm>

#include "helper/servers/server_address.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

std::string_view host_of(std::string_view pattern) {
  return pattern.substr(0, pattern.find_first_of(":/"));
}

std::string_view registry_of(std::string_view pattern) {
  return pattern.substr(0, pattern.find('/'));
}

// Whether `glob`, in which a * stands for any letters, is `text`. Only what the last * stands for
// is ever taken back: what those before it took can stay, and the time is the product of both
// lengths.
bool fits(std::string_view glob, std::string_view text) {
  std::size_t letter = 0;  // of the glob
  std::size_t done = 0;    // of the text
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;  // up to which the last * stands for the text
  while (done < text.size()) {
    if (letter < glob.size() && glob[letter] == '*') {
      star = letter++;
      taken = done;
    } else if (letter < glob.size() && glob[letter] == text[done]) {
      ++letter;
      ++done;
    } else if (star != std::string_view::npos) {
      letter = star + 1;
      done = ++taken;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', letter) == std::string_view::npos;
}

// The first part, which is taken off `text`.
std::string_view take_part(std::string_view& text) {
  const auto part = text.substr(0, text.find('.'));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

bool host_fits(std::string_view glob, std::string_view host) {
  if (std::ranges::count(glob, '.') != std::ranges::count(host, '.')) return false;
  for (auto parts = std::ranges::count(glob, '.') + 1; parts > 0; --parts) {
    if (!fits(take_part(glob), take_part(host))) return false;
  }
  return true;
}

}  // namespace

bool looks_like_registry(std::string_view part) {
  return part.find_first_of(".:") != std::string_view::npos || part == "localhost";
}

std::optional<std::string> image_pattern(std::string_view server) {
  const auto scheme = server.find("://");
  const auto begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  const auto host = host_of(server.substr(begin));
  // A * in the host as a digit that no name of the Hub has: the rest is an ordinary address.
  std::string plain(server);
  std::replace(plain.begin() + static_cast<std::ptrdiff_t>(begin),
               plain.begin() + static_cast<std::ptrdiff_t>(begin + host.size()), '*', '0');
  auto prefix = image_prefix(plain);
  if (!prefix || is_glob(*prefix) || is_bare_address6(server)) return std::nullopt;
  if (!looks_like_registry(registry_of(*prefix))) return std::nullopt;
  if (plain == server) return prefix;
  return lower_case(host) + prefix->substr(host.size());
}

bool is_glob(std::string_view pattern) { return contains(pattern, '*'); }

bool matches(std::string_view pattern, const ImageName& image) {
  const std::string_view registry = image.registry;
  const auto host = host_of(registry);
  const auto registry_glob = registry_of(pattern);
  const auto glob = host_of(registry_glob);
  return registry_glob.substr(glob.size()) == registry.substr(host.size()) &&
         host_fits(glob, host) &&
         ('/' + image.path).starts_with(pattern.substr(registry_glob.size()));
}

bool covers(std::string_view pattern, std::string_view part) {
  const auto registry = registry_of(part);
  const auto path = part.substr(std::min(registry.size() + 1, part.size()));
  return matches(pattern, {std::string(registry), std::string(path)});
}

bool is_bare_address6(std::string_view server) {
  const auto prefix = image_prefix(server);
  return prefix && prefix->starts_with('[') && registry_of(*prefix).ends_with(']');
}

}  // namespace cred
