// SPDX-License-Identifier: MIT
#include "helper/files/kubelet_patterns.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "helper/files/yaml_lines.h"
#include "helper/servers/image_pattern.h"
#include "platform/system/file_status.h"
#include "platform/text/notes.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

// One item of the list of providers, line by line.
class Provider {
 public:
  explicit Provider(std::size_t column) : column_(column) {}

  // The parts of a line, which begins at `column`.
  void take(std::vector<std::string_view> parts, std::size_t column) {
    const auto key = parts.front();
    if (column == column_ && !key.starts_with("- ")) {
      if (const auto name = value_of_line(key, "name"); !name.empty()) is_ours_ = name == kProgram;
      is_in_patterns_ = key.starts_with("matchImages");
      parts.erase(parts.begin());  // what is left is a list in one line
    }
    if (!is_in_patterns_) return;
    for (auto part : parts) {
      part = trim(part);
      if (part.starts_with("- ")) part = trim(part.substr(2));
      if (!part.empty()) patterns_.emplace_back(unquoted(part));
    }
  }

  [[nodiscard]] bool is_ours() const { return is_ours_; }
  [[nodiscard]] const std::vector<std::string>& patterns() const { return patterns_; }

 private:
  std::size_t column_;  // of its keys
  bool is_ours_ = false;
  bool is_in_patterns_ = false;
  std::vector<std::string> patterns_;
};

// The column at which the text of an item begins behind its dash.
std::size_t behind_dash(std::string_view line, std::size_t dash) {
  return std::min(line.find_first_not_of(' ', dash + 1), line.size());
}

}  // namespace

std::optional<std::vector<std::string>> match_images(std::string_view config) {
  std::istringstream lines{std::string(config)};
  bool is_in_providers = false;
  std::size_t dash = std::string::npos;  // where the items of the list begin
  std::vector<Provider> providers;
  for (std::string line; std::getline(lines, line);) {
    auto parts = parts_of(line);
    const auto column = line.find_first_not_of(' ');
    if (column == std::string::npos || line[column] == '#') continue;
    if (!is_in_providers) {
      is_in_providers = line.starts_with("providers:");
      continue;
    }
    const bool has_dash = line.substr(column).starts_with("- ");
    if (dash == std::string::npos && has_dash) dash = column;
    if (column < dash || (column == dash && !has_dash)) break;  // the list is over
    const bool is_next = column == dash;
    const auto begin = is_next ? behind_dash(line, column) : column;
    if (is_next) providers.emplace_back(begin);
    parts.front().remove_prefix(std::min(begin, parts.front().size()));
    providers.back().take(std::move(parts), begin);
  }
  const auto ours = std::ranges::find_if(providers, &Provider::is_ours);
  return ours == providers.end() ? std::nullopt : std::optional(ours->patterns());
}

std::vector<std::string> KubeletPatterns::uncovered(const std::vector<std::string>& servers) const {
  std::vector<std::string> result;
  for (const auto& server : servers) {
    const auto part = image_pattern(server);
    const auto covers_it = [&](const std::string& text) {
      const auto pattern = image_pattern(text);
      return pattern && covers(*pattern, *part);
    };
    if (part && !contains(result, *part) && std::ranges::none_of(patterns, covers_it)) {
      result.push_back(*part);
    }
  }
  return result;
}

std::optional<KubeletPatterns> find_kubelet_patterns(const std::filesystem::path& root) {
  for (const char* const file : {"etc/kubernetes/credential-provider.yaml",
                                 "var/lib/rancher/credentialprovider/config.yaml"}) {
    const FileStatus status = inspect_file(root / file);
    if (!status.text) continue;
    if (auto patterns = match_images(*status.text)) return {{status.path, std::move(*patterns)}};
  }
  return std::nullopt;
}

std::string told_uncovered(const std::filesystem::path& file,
                           const std::vector<std::string>& uncovered) {
  return "the kubelet does not ask for a login for " + join(uncovered) +
         ": no line below matchImages in " + file.string() +
         " covers that; add one, and restart the kubelet";
}

}  // namespace cred
