// SPDX-License-Identifier: MIT
// The settings: in a first line what the environment says, and behind it settings.json.
#include "platform/store/settings.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include "platform/system/file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

bool is_wait(std::chrono::milliseconds time) {
  return time > std::chrono::milliseconds(0) && time <= std::chrono::hours(24);
}

bool has_problem(const Settings& settings, SettingsProblem::Kind kind) {
  return std::ranges::find(settings.problems, kind, &SettingsProblem::kind) !=
         settings.problems.end();
}

}  // namespace

void fuzz(const std::string& input) {
  static const TemporaryFolder home;
  const auto [store, text] = cut(input);
  const Environment environment{
      .variables = {{"HOME", home.path()}, {"DOCKER_CREDENTIAL_KEYRING_STORE", store}}};
  make_private_folder(environment.config_folder());
  replace_file(environment.config_folder() / "settings.json", text);

  const Settings settings = read_settings(environment);  // throws nothing, whatever it reads
  hold(is_wait(settings.reply_timeout) && is_wait(settings.prompt_timeout), "every wait ends");
  hold(settings.clevis.empty() || settings.clevis.is_absolute(), "no path is relative");
  const bool is_known =
      !settings.store || settings.store == kHomeId ||
      std::ranges::find(kStores, *settings.store, &KnownStore::id) != kStores.end();
  hold(is_known, "the store is one of ours");
  const auto document = nlohmann::json::parse(text, nullptr, false);
  hold(document.is_object() || has_problem(settings, SettingsProblem::Kind::file_unusable),
       "what is no object is said to be none");
  for (const auto& problem : settings.problems) {
    hold(problem.text.find(kSecretWord) == std::string::npos, "no value of the file is quoted");
  }
}

}  // namespace cred::test
