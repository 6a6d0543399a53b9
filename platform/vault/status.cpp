// SPDX-License-Identifier: MIT
#include "platform/vault/status.h"

#include <sstream>

#include "platform/store/server_index.h"
#include "platform/system/error.h"
#include "platform/vault/clevis.h"
#include "platform/vault/key_file.h"
#include "platform/vault/store.h"

namespace cred {
namespace {

WayLook look_at_way(const VaultWay& way, const Settings& settings) {
  WayLook look;
  look.way = way;
  if (way.kind == WayKind::key_file && way.path) look.key_file = look_at_status(*way.path);
  if (way.kind == WayKind::clevis) {
    look.missing_program = missing_for_clevis(settings.clevis, way.pin);
  }
  return look;
}

void look_into(const Environment& environment, const Settings& settings, VaultLook& look) {
  std::ostringstream notes;
  try {
    VaultKeeper keeper(environment, settings, notes);
    look.status = keeper.status();
    for (const auto& way : look.status.ways) look.ways.push_back(look_at_way(way, settings));
    if (!look.status.is_open) return;
    const auto index = std::make_shared<ServerIndex>(index_file(environment), IndexUse::only_read);
    look.usernames = open_vault_store(environment, settings, index, notes)->list();
  } catch (const Error& failure) {
    look.failure = failure.what();
  }
}

}  // namespace

VaultLook look_at_vault(const Environment& environment, const Settings& settings) {
  std::ostringstream notes;
  VaultLook look;
  const VaultKeeper keeper(environment, settings, notes);
  const auto& path = keeper.path();
  look.usual_key_file = keeper.usual_key_file();
  look.file = look_at_status(path);
  look.folder = look_at_status(path.parent_path());
  look.named_key_file = key_file_of(environment);
  look.status.path = path;
  if (!look.file.exists) return look;
  // Of a vault that is named by its path the folder is not ours to close, so it stays as it is.
  Environment looking = environment;
  looking.variables["DOCKER_CREDENTIAL_KEYRING_VAULT"] = path;
  look_into(looking, settings, look);
  return look;
}

}  // namespace cred
