// SPDX-License-Identifier: MIT
// An auth.json of podman, skopeo and buildah, migrated and restored: its entries go, key and all.
#include "helper/files/login_format.h"
#include "helper/servers/server_address.h"
#include "tests/fuzz/rewriting.h"

namespace cred::test {

void fuzz(const std::string& input) {
  const LoginFormat& format = kAuthFileFormat;
  const auto config = result_of([&] { return format.parse(input); });
  if (!config) return;
  const ConfigEdit edit{.removed = keys_with_credential(*config)};
  for (const auto& key : edit.removed) {
    const std::string server = format.server_in_store(*config, key);
    hold(server == key || server == asked_as(key), "it is stored as it stands, or by its host");
  }
  const std::string after = config->edited(edit);
  check_rewritten(input, after, edit.removed);
  const auto again = DockerConfig::parse(after);
  for (const auto& entry : again.entries()) hold(!edit.removed.contains(entry.key), "it is gone");
  hold(again.entries().size() + edit.removed.size() == config->entries().size(), "no other went");
  hold(again.edited(edit) == after, "rewriting twice changes nothing");
  check_filled(input, after);
}

}  // namespace cred::test
