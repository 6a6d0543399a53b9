// SPDX-License-Identifier: MIT
// A vault in a file of this machine, in a folder that this user owns and others cannot write.
// Private to this folder.
#pragma once

#include <filesystem>
#include <utility>

#include "platform/system/environment.h"
#include "platform/vault/storage.h"

namespace cred {

class LocalStorage final : public Storage {
 public:
  // Touches nothing.
  LocalStorage(std::filesystem::path path, FolderUse folder)
      : path_(std::move(path)), folder_(folder) {}

  [[nodiscard]] std::optional<std::string> read() override;
  [[nodiscard]] std::optional<Content> read_for_change() override;
  [[nodiscard]] Hold hold() override;
  [[nodiscard]] Outcome replace(std::string_view bytes,
                                const std::optional<std::string>& token) override;
  void remove() override;
  void prepare() override;
  [[nodiscard]] bool exists() override;
  [[nodiscard]] std::optional<Fd> beside() override;
  [[nodiscard]] std::string name() const override { return path_.string(); }
  [[nodiscard]] bool is_shared() const override { return false; }

 private:
  std::filesystem::path path_;
  FolderUse folder_;
};

// Where this user's vault is: $DOCKER_CREDENTIAL_KEYRING_VAULT, else in the data folder.
[[nodiscard]] std::filesystem::path local_vault_file(const Environment& environment);

}  // namespace cred
