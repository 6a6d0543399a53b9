// SPDX-License-Identifier: MIT
// A registries.conf, and a containers.conf, which podman, skopeo and buildah read as TOML.
#include "helper/files/registries_conf.h"

#include <algorithm>
#include <string>

#include "helper/files/podman_remote.h"
#include "helper/text/json_text.h"
#include "platform/system/file.h"
#include "platform/text/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

// A drop-in that names the helpers of `lists` names them.
void check_drop_in(const RegistriesConfFolders& folders, const std::vector<std::string>& helpers) {
  const std::string text = drop_in_text(helpers);
  hold(is_own_drop_in(text), "a drop-in of ours is known as one");
  const auto file = drop_in_path(folders.user);
  make_private_folder(file.parent_path());
  replace_file(file, text);
  const auto lists = read_helper_lists(folders);
  hold(!lists.empty() && lists.back() == HelperList{file, helpers}, "a drop-in says what it is to");
  remove_file(file);
}

}  // namespace

void fuzz(const std::string& input) {
  static const TemporaryFolder folder;
  const RegistriesConfFolders folders{folder.path() / "containers", folder.path() / "none"};
  const Environment environment{.variables = {{"XDG_CONFIG_HOME", folder.path()}}};
  make_private_folder(folders.user);
  replace_file(folders.user / "registries.conf", input);
  replace_file(folders.user / "containers.conf", input);
  replace_file(folders.user / "podman-connections.json", input);
  static_cast<void>(has_podman_connection(environment, folder.path() / "root"));

  const auto lists = result_of([&] { return read_helper_lists(folders); });
  if (lists) {
    hold(lists->size() <= 1, "one file has one list");
    hold(!effective_helpers(*lists).empty(), "something is asked");
    for (const auto& list : *lists) check_drop_in(folders, list.helpers);
  }
  const auto names = parts_of(input);
  if (!lists || !std::ranges::all_of(names, [](const auto& name) { return is_utf8(name); })) return;
  check_drop_in(folders, names);
}

}  // namespace cred::test
