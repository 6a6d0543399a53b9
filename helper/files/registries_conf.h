// SPDX-License-Identifier: MIT
// Which credential helpers podman, skopeo and buildah ask: "credential-helpers" in registries.conf
// and in the drop-ins beside it, one of which is ours. Reads files, changes none.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "platform/system/environment.h"

namespace cred {

// As a helper in a list: the files themselves, auth.json and docker's config.json among them. It is
// what is asked where no file has a list.
inline constexpr const char* kAuthFilesHelper = "containers-auth.json";

// The folders with registries.conf and registries.conf.d. They need not exist.
struct RegistriesConfFolders {
  std::filesystem::path user;    // ~/.config/containers, whatever XDG_CONFIG_HOME says; "": no user
  std::filesystem::path system;  // /etc/containers
};

[[nodiscard]] RegistriesConfFolders registries_conf_folders(const Environment& environment);

// A list of helpers, in the order in which they are asked, and the file that has it.
struct HelperList {
  std::filesystem::path file;
  std::vector<std::string> helpers;  // may be empty, which means the files
  bool operator==(const HelperList&) const = default;
};

// Every list that these tools read for this user, in the order of reading: the last one counts. A
// user's registries.conf hides all of the system's. Throws Error(bad_request) with the path of a
// file that cannot be read as TOML: then the tools refuse to work as well.
[[nodiscard]] std::vector<HelperList> read_helper_lists(const RegistriesConfFolders& folders);

// What is asked, by `lists`; kAuthFilesHelper alone if there is none, or an empty one.
[[nodiscard]] std::vector<std::string> effective_helpers(const std::vector<HelperList>& lists);

// Whether the files come before our helper, which may not be in the list.
[[nodiscard]] bool asks_files_first(const std::vector<std::string>& helpers);

// The file in one of the two folders that is read first.
[[nodiscard]] std::filesystem::path main_file(const std::filesystem::path& folder);

// Whether a registries.conf of the user's hides all of the system's.
[[nodiscard]] bool hides_system(const RegistriesConfFolders& folders);

// Whether `a` is read after `b`, both drop-ins.
[[nodiscard]] bool is_read_after(const std::filesystem::path& a, const std::filesystem::path& b,
                                 const RegistriesConfFolders& folders);

// Our drop-in in one of the two folders. Its name sorts behind nearly all others, so that it
// counts.
[[nodiscard]] std::filesystem::path drop_in_path(const std::filesystem::path& folder);

// The drop-in that makes the tools ask `helpers`.
[[nodiscard]] std::string drop_in_text(const std::vector<std::string>& helpers);

// Whether this is the text of a drop-in that we wrote, whatever was changed below the first line.
[[nodiscard]] bool is_own_drop_in(std::string_view text);

}  // namespace cred
