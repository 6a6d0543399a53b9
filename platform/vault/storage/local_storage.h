// SPDX-License-Identifier: MIT
// A vault in a file of this machine, in a folder that this user owns and others cannot write.
// Private to platform/vault/.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "platform/store/server_index.h"
#include "platform/system/environment.h"
#include "platform/vault/storage/storage.h"

namespace cred {

class LocalStorage final : public Storage {
 public:
  // Touches nothing.
  LocalStorage(std::filesystem::path path, FolderUse folder,
               std::filesystem::path runtime_folder = {})
      : path_(std::move(path)), folder_(folder), runtime_folder_(std::move(runtime_folder)) {}

  [[nodiscard]] std::optional<std::string> read() override;
  [[nodiscard]] std::optional<Content> read_for_change() override;
  [[nodiscard]] Hold hold() override;
  [[nodiscard]] Outcome replace(std::string_view bytes,
                                const std::optional<std::string>& token) override;

  // By who holds it, and has these bytes from elsewhere: whatever is there is replaced.
  void overwrite(std::string_view bytes);
  void remove() override;
  void prepare() override;
  [[nodiscard]] bool exists() override;
  [[nodiscard]] std::optional<Fd> beside() override;
  [[nodiscard]] std::string name() const override { return path_.string(); }
  [[nodiscard]] bool is_shared() const override { return false; }

 private:
  void refuse_if_shared() const;

  std::filesystem::path path_;
  FolderUse folder_;
  std::filesystem::path runtime_folder_;  // for the lock, where the vault's own takes none
};

// BLAKE2b of them: which state of a vault they are.
[[nodiscard]] std::string digest_of(std::string_view bytes);

// This user's, at local_vault_file().
[[nodiscard]] std::unique_ptr<LocalStorage> open_local_storage(const Environment& environment,
                                                               FolderUse folder);

// Whether the environment names a vault of its own.
[[nodiscard]] bool names_vault(const Environment& environment);

// Where this user's vault is: $DOCKER_CREDENTIAL_KEYRING_VAULT, else in the data folder.
[[nodiscard]] std::filesystem::path local_vault_file(const Environment& environment);

// Of the vaults that the index knows, and of the one at the usual place, those that lie elsewhere
// than $DOCKER_CREDENTIAL_KEYRING_VAULT and $XDG_DATA_HOME say, and are not absent.
[[nodiscard]] std::vector<std::filesystem::path> vaults_elsewhere(const Environment& environment,
                                                                  const ServerIndex& index);

// "there is no vault at …; one lies at …", with what points elsewhere and what to set, for one of
// vaults_elsewhere().
[[nodiscard]] std::string why_elsewhere(const Environment& environment,
                                        const std::filesystem::path& other);

}  // namespace cred
