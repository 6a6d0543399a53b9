// SPDX-License-Identifier: MIT
// Where the bytes of a vault lie, and nothing of what they mean: a local file now; a shared place
// can come beside it. Private to this folder.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/system/file.h"

namespace cred {

class VaultStorage {
 public:
  // What was read, and a token that stands for exactly that state.
  struct Content {
    std::string bytes;
    std::string token;
  };

  VaultStorage() = default;
  VaultStorage(const VaultStorage&) = delete;
  VaultStorage& operator=(const VaultStorage&) = delete;
  virtual ~VaultStorage() = default;

  // nullopt if there is no vault. Throws Error(vault_unsafe) where it is not safe to use: others
  // can read or write it, or it is not a file of ours.
  [[nodiscard]] virtual std::optional<Content> read() = 0;

  // Keeps other writers out while it lives, as far as the place can: it saves them from trying in
  // vain. Throws timed_out.
  struct Hold {
    Hold() = default;
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    virtual ~Hold() = default;
  };
  [[nodiscard]] virtual std::unique_ptr<Hold> hold() = 0;

  // For a writer that holds it. Puts `bytes` in the place of the state `token` (nullopt: of no
  // vault), in one step: after a kill, a full disk or a power cut the old state or the new one is
  // there. Returns false, with nothing changed, where another state is there meanwhile: read again,
  // apply the change to that.
  [[nodiscard]] virtual bool replace(std::string_view bytes,
                                     const std::optional<std::string>& token) = 0;

  // For a writer that holds it. Does nothing if there is none.
  virtual void remove() = 0;
};

// A file, in a folder that this user owns and others cannot write.
class LocalStorage final : public VaultStorage {
 public:
  // Touches nothing. With `own_folder` the folder is ours alone: made if it is missing, and closed
  // to others.
  LocalStorage(std::filesystem::path path, bool own_folder)
      : path_(std::move(path)), own_folder_(own_folder) {}

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  [[nodiscard]] std::optional<Content> read() override;
  [[nodiscard]] std::unique_ptr<Hold> hold() override;
  [[nodiscard]] bool replace(std::string_view bytes,
                             const std::optional<std::string>& token) override;
  void remove() override;

  // Makes the folder if it is missing. Throws like read().
  void make_folder();

  // The checked folder, for the files that lie beside the vault; nullopt if there is none.
  [[nodiscard]] std::optional<Fd> folder();

 private:
  std::filesystem::path path_;
  bool own_folder_;
};

}  // namespace cred
