// SPDX-License-Identifier: MIT
#include "helper/text/tilde.h"

#include <filesystem>

namespace cred {

std::string with_tilde(std::string text, const Environment& environment) {
  // A shell reads ~ by HOME alone, which may be unset, or not be what counts for us.
  const auto set = environment.get("HOME");
  if (!set || !environment.has_home() || *set != environment.home()) return text;
  const std::string home = *set + (set->ends_with('/') ? "" : "/");
  if (home == "/") return text;
  for (auto at = text.find(home); at != std::string::npos; at = text.find(home, at + 2)) {
    const bool begins_a_path = at == 0 || text[at - 1] == ' ' || text[at - 1] == ':';
    if (begins_a_path) text.replace(at, home.size(), "~/");
  }
  return text;
}

}  // namespace cred
