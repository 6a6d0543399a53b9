// SPDX-License-Identifier: MIT
#include "helper/run/job.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <system_error>

#include "helper/cli/command.h"
#include "helper/files/login_files.h"
#include "helper/servers/server_address.h"
#include "helper/servers/spellings.h"
#include "helper/text/json_text.h"
#include "platform/open_store.h"
#include "platform/store/docker_names.h"
#include "platform/store/settings.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/process.h"
#include "platform/text/strings.h"
#include "platform/vault/manager.h"

namespace cred {
namespace {

using Json = nlohmann::ordered_json;
using std::filesystem::path;

// What says where credentials are, or holds one.
constexpr std::array kOfCredentials{"auths", "credHelpers", "credsStore", "HttpHeaders"};

// Docker's own folders: the engines that it knows, compose and buildx.
constexpr std::array kFoldersOfDocker{"contexts", "cli-plugins", "buildx"};

void link_folders(const path& from, const path& to) {
  for (const char* name : kFoldersOfDocker) {
    std::error_code failed;
    if (!std::filesystem::is_directory(from / name, failed)) continue;
    std::filesystem::create_directory_symlink(std::filesystem::absolute(from / name), to / name,
                                              failed);
    if (failed) throw Error(Errc::io, (to / name).string() + ": " + failed.message());
  }
}

// Docker starts us by our name.
void put_on_path(Environment& environment, const path& folder) {
  const auto found = find_program(environment, kProgram);
  if (found && is_this_program(*found) && !why_not_by_name(*found)) return;
  make_private_folder(folder);
  std::error_code failed;
  std::filesystem::create_symlink(own_program(), folder / kProgram, failed);
  if (failed) throw Error(Errc::io, (folder / kProgram).string() + ": " + failed.message());
  const auto others = environment.get("PATH");
  environment.variables["PATH"] = folder.string() + (others ? ':' + *others : "");
}

void make_vault(const Environment& environment, const path& key, const Notes& notes) {
  VaultManager manager(environment, read_settings(environment), notes);
  NewSlot slot;
  slot.kind = SlotKind::key_file;
  slot.key_file = key;
  manager.create(slot);
}

}  // namespace

std::string job_config(const std::string& text) {
  if (nests_deeper(text)) {
    throw Error(Errc::bad_request, "docker's config.json nests without end");
  }
  Json config = text.find_first_not_of(" \t\r\n") == std::string::npos
                    ? Json::object()
                    : Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!config.is_object()) {
    throw Error(Errc::bad_request, "docker's config.json is no JSON object");
  }
  // Docker ignores the case of a key.
  std::vector<std::string> gone;
  for (const auto& [key, value] : config.items()) {
    const auto is_this = [&, &name = key](const char* other) { return same_json_key(name, other); };
    if (std::ranges::any_of(kOfCredentials, is_this)) gone.push_back(key);
  }
  for (const auto& key : gone) config.erase(key);
  config["credsStore"] = kHelperName;
  return config.dump(2) + '\n';
}

std::string job_auth_file(std::span<const Credential> credentials) {
  Json helpers = Json::object();
  for (const auto& credential : credentials) {
    helpers[asked_by_containers_tools(credential.server)] = kHelperName;
  }
  return Json{{"auths", Json::object()}, {"credHelpers", std::move(helpers)}}.dump(2) + '\n';
}

Job prepare_job(const path& folder, std::span<const Credential> credentials,
                const Environment& environment, const Notes& notes) {
  Job job{environment};
  auto& variables = job.environment.variables;
  const path docker = folder / "docker";
  const path before = docker_folder(environment);
  make_private_folder(docker);
  replace_file(docker / "config.json", job_config(read_file(before / "config.json").value_or("")));
  link_folders(before, docker);
  replace_file(folder / "auth.json", job_auth_file(credentials));

  std::erase_if(variables, [](const auto& variable) {
    return variable.first.starts_with(kOurVariables) && variable.first != kInsideVariable;
  });
  variables.erase("DOCKER_AUTH_CONFIG");
  variables.erase("CREDENTIALS_DIRECTORY");
  variables["DOCKER_CONFIG"] = docker;
  variables["REGISTRY_AUTH_FILE"] = folder / "auth.json";
  variables["HELM_REGISTRY_CONFIG"] = docker / "config.json";
  variables["DOCKER_CREDENTIAL_KEYRING_STORE"] = kVaultId.text();
  variables["DOCKER_CREDENTIAL_KEYRING_VAULT"] = folder / "vault" / "vault";
  variables["DOCKER_CREDENTIAL_KEYRING_KEY_FILE"] = folder / "key" / "key";
  variables["DOCKER_CREDENTIAL_KEYRING_INDEX"] = folder / "index" / "index";
  variables[kJobVariable] = "1";
  put_on_path(job.environment, folder / "bin");

  make_vault(job.environment, folder / "key" / "key", notes);
  const auto store = open_store(job.environment, read_settings(job.environment), notes);
  for (const auto& credential : credentials) put_newest(*store, credential);
  return job;
}

}  // namespace cred
