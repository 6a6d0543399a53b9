// SPDX-License-Identifier: MIT
// A config.json of docker's, migrated and restored.
#include "helper/run/job.h"
#include "tests/fuzz/rewriting.h"

namespace cred::test {
namespace {

// The same change, made by another reader: nullopt where it does not take the file.
std::optional<OtherReader> changed_by_another(const std::string& text, const ConfigEdit& edit) {
  auto root = OtherReader::parse(trim(text).empty() ? "{}" : text, nullptr, false);
  if (root.is_discarded()) return std::nullopt;
  OtherReader* const auths = member_of(root, "auths");
  for (const auto& key : edit.emptied) {
    OtherReader kept = OtherReader::object();
    for (const auto& [name, value] : auths->at(key).items()) {
      if (!is_credential_field(name)) kept[name] = value;
    }
    auths->at(key) = kept;
  }
  OtherReader* const store = member_of(root, "credsStore");
  (store == nullptr ? root["credsStore"] : *store) = *edit.creds_store;
  return root;
}

void check_migrated(const std::string& text, const DockerConfig& config) {
  const ConfigEdit edit{.emptied = keys_with_credential(config), .creds_store = "keyring"};
  const std::string after = config.edited(edit);
  check_rewritten(text, after, edit.emptied);
  const auto again = DockerConfig::parse(after);
  hold(again.edited(edit) == after, "rewriting twice changes nothing");
  hold(again.creds_store() == "keyring", "credsStore is set");
  hold(again.cred_helpers() == config.cred_helpers(), "credHelpers stays");
  const auto expected = changed_by_another(text, edit);
  hold(!expected || OtherReader::parse(after) == *expected, "another reader finds the same");
  check_filled(text, after);
}

void check_helpers(const DockerConfig& config) {
  ConfigEdit edit{.cred_helpers = {{"reg.example", "keyring"}}};
  for (const auto& [server, helper] : config.cred_helpers()) {
    if (helper == "pass") edit.helpers_to_remove.insert(server);
  }
  edit.helpers_to_remove.erase("reg.example");
  const auto after = DockerConfig::parse(config.edited(edit));
  auto expected = config.cred_helpers();
  std::erase_if(expected,
                [&](const auto& row) { return edit.helpers_to_remove.contains(row.first); });
  expected["reg.example"] = "keyring";
  hold(after.cred_helpers() == expected, "credHelpers is what was asked for");
  hold(after.edited(edit) == DockerConfig::parse(after.edited(edit)).edited(edit), "and stays so");
}

// What a job gets of it: no credential and no helper, in whatever case, and all else.
void check_job(const std::string& text) {
  const auto made = result_of([&] { return job_config(text); });
  if (!made) return;
  auto expected = OtherReader::parse(trim(text).empty() ? "{}" : text, nullptr, false);
  for (const char* name : {"auths", "credHelpers", "credsStore", "HttpHeaders"}) {
    for (auto member = expected.begin(); member != expected.end();) {
      member = same_json_key(member.key(), name) ? expected.erase(member) : std::next(member);
    }
  }
  expected["credsStore"] = "keyring";
  hold(OtherReader::parse(*made) == expected, "a job has all but what is about credentials");
}

}  // namespace

void fuzz(const std::string& input) {
  static_cast<void>(holds_credentials(input));
  check_job(input);
  static_cast<void>(
      result_of([&] { return DockerConfig::parse_dockercfg(input).entries().size(); }));
  const auto config = result_of([&] { return DockerConfig::parse(input); });
  if (!config) return;
  hold(config->edited({}) == (trim(input).empty() ? "{}" : input), "no edit, no change");
  check_migrated(input, *config);
  check_helpers(*config);
}

}  // namespace cred::test
