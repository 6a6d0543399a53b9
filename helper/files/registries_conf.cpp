// SPDX-License-Identifier: MIT
#include "helper/files/registries_conf.h"

#include <algorithm>
#include <optional>
#include <system_error>

#include "helper/files/toml.h"
#include "helper/text/json_text.h"
#include "platform/store/docker_names.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using std::filesystem::path;

constexpr const char* kMainFile = "registries.conf";
constexpr const char* kDropInFolder = "registries.conf.d";
constexpr const char* kDropIn = "99-docker-credential-keyring.conf";
constexpr const char* kKey = "credential-helpers";
constexpr std::string_view kFirstLine =
    "# Written by docker-credential-keyring migrate; docker-credential-keyring restore removes "
    "it.\n";

[[noreturn]] void refuse(const path& file, const std::string& problem) {
  throw Error(
      Errc::bad_request,
      file.string() + ": " + problem + ", and podman, skopeo and buildah stop at it; fix it first",
      file);
}

toml::table parse(const path& file, const std::string& text) {
  try {
    return parse_toml(text);
  } catch (const toml::parse_error& failure) {
    refuse(file, "line " + std::to_string(failure.source().begin.line) + " is not TOML");
  }
}

// nullopt: the file says nothing of helpers.
std::optional<std::vector<std::string>> helpers_in(const path& file, const std::string& text) {
  const toml::table table = parse(file, text);
  const toml::node* value = table.get(kKey);
  if (value == nullptr) return std::nullopt;
  const std::string not_a_list = std::string(kKey) + " is not a list of names";
  if (!value->is_array()) refuse(file, not_a_list);
  std::vector<std::string> helpers;
  for (const toml::node& element : *value->as_array()) {
    const auto name = element.value_exact<std::string>();
    if (!name) refuse(file, not_a_list);
    helpers.push_back(*name);
  }
  return helpers;
}

// The *.conf files of a folder by name. A folder that is a symbolic link is not searched, nor is
// one inside it: the tools do not either.
std::vector<path> drop_ins(const path& folder) {
  std::vector<path> files;
  std::error_code failed;
  if (std::filesystem::is_symlink(folder, failed)) return files;
  for (const auto& file : list_folder(folder)) {
    const auto status = std::filesystem::symlink_status(file, failed);
    if (!is_directory(status) && file.extension() == ".conf") files.push_back(file);
  }
  return files;
}

// The files that these tools read for this user, in the order of reading. The first need not exist.
std::vector<path> registries_conf_files(const RegistriesConfFolders& folders) {
  const bool has_user = !folders.user.empty();
  const bool user_alone = hides_system(folders);
  std::vector<path> files{(user_alone ? folders.user : folders.system) / kMainFile};
  if (!user_alone)
    std::ranges::copy(drop_ins(folders.system / kDropInFolder), back_inserter(files));
  if (has_user) std::ranges::copy(drop_ins(folders.user / kDropInFolder), back_inserter(files));
  return files;
}

}  // namespace

RegistriesConfFolders registries_conf_folders(const Environment& environment) {
  return {environment.home() / ".config/containers", "/etc/containers"};
}

std::vector<HelperList> read_helper_lists(const RegistriesConfFolders& folders) {
  std::vector<HelperList> lists;
  for (const auto& file : registries_conf_files(folders)) {
    const auto text = read_file(file);
    if (!text) continue;
    if (auto helpers = helpers_in(file, *text)) lists.push_back({file, std::move(*helpers)});
  }
  return lists;
}

std::vector<std::string> effective_helpers(const std::vector<HelperList>& lists) {
  if (lists.empty() || lists.back().helpers.empty()) return {kAuthFilesHelper};
  return lists.back().helpers;
}

bool asks_files_first(const std::vector<std::string>& helpers) {
  const auto own = std::ranges::find(helpers, kHelperName);
  return std::find(helpers.begin(), own, kAuthFilesHelper) != own;
}

bool hides_system(const RegistriesConfFolders& folders) {
  std::error_code failed;  // the tools take what they cannot see for missing, too
  return !folders.user.empty() && std::filesystem::exists(folders.user / kMainFile, failed);
}

bool is_read_after(const path& a, const path& b, const RegistriesConfFolders& folders) {
  if (a.parent_path() == b.parent_path()) return a > b;
  return a.parent_path() == folders.user / kDropInFolder;
}

path main_file(const path& folder) { return folder / kMainFile; }

path drop_in_path(const path& folder) { return folder / kDropInFolder / kDropIn; }

std::string drop_in_text(const std::vector<std::string>& helpers) {
  // TOML reads what JSON escapes.
  return std::string(kFirstLine) + kKey + " = [" + join(helpers, ", ", quote_json) + "]\n";
}

bool is_own_drop_in(std::string_view text) { return text.starts_with(kFirstLine); }

}  // namespace cred
