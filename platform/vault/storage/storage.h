// SPDX-License-Identifier: MIT
// Where the bytes of a vault are, and nothing of what they mean. A local file is one storage
// (local_storage.h); a place that several machines share, with a copy here, is the other
// (shared_storage.h). Which one it is, only open_storage() knows, status.cpp, which inspects the
// file itself, and shared_vault.cpp. Private to platform/vault/.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/system/file.h"
#include "platform/text/notes.h"

namespace cred {

class Storage {
 public:
  // What was read, and a token that stands for exactly that state.
  struct Content {
    std::string bytes;
    std::string token;
  };

  enum class Outcome {
    done,
    conflict,  // another state is there: nothing was changed
    unknown    // the new state may be there, or come to be: read again before you call it failed
  };

  // Keeps other writers out while it lives, as far as the storage can: it spares them a conflict.
  using Hold = std::shared_ptr<const void>;

  Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  virtual ~Storage() = default;

  // The bytes as they were a moment ago, as cheaply as they can be had; nullopt if there is no
  // vault. Throws vault_unsafe where it is not safe to use: others can read or write it, or it is
  // not ours.
  [[nodiscard]] virtual std::optional<std::string> read() = 0;

  // What a change may take in all counts from now.
  virtual void begin_change() {}

  // The bytes as they are now, with the token that replace() takes back. Throws like read().
  [[nodiscard]] virtual std::optional<Content> read_for_change() = 0;

  // Throws timed_out.
  [[nodiscard]] virtual Hold hold() = 0;

  // For a writer that holds it. Puts `bytes` in the place of the state `token` (nullopt: of no
  // vault) in one step: after a kill, a full disk or a power cut the old state or the new one is
  // there. What it throws left the old one.
  [[nodiscard]] virtual Outcome replace(std::string_view bytes,
                                        const std::optional<std::string>& token) = 0;

  // For a writer that holds it. Does nothing if there is no vault.
  virtual void remove() = 0;

  // Makes what has to be there before a first replace(), a folder say. Throws like read().
  virtual void prepare() = 0;

  // Whether there is something, which need not be fit for use: true unless it is known to be
  // absent. Never fails.
  [[nodiscard]] virtual bool exists() = 0;

  // An open folder, ours alone, for tickets and for the lock around a prompt; nullopt if there is
  // none. Throws like read().
  [[nodiscard]] virtual std::optional<Fd> beside() = 0;

  // For people, behind "the vault" and "there is no vault at": a path, say.
  [[nodiscard]] virtual std::string name() const = 0;

  // Whether other machines change it too. Then what read() gives is a copy.
  [[nodiscard]] virtual bool is_shared() const = 0;

  // What people have to know of what read() gave, that it is old say; as cheap as a stat().
  [[nodiscard]] virtual std::optional<std::string> caution() { return std::nullopt; }

  // How long a change is tried anew while others are quicker, and the pauses in between.
  struct Pace {
    std::chrono::milliseconds patience = std::chrono::seconds(10);
    std::chrono::milliseconds first_nap{1};
    std::chrono::milliseconds longest_nap{128};
  };
  [[nodiscard]] virtual Pace pace() const { return {}; }

  // Of a shared one: what read() gives is of no use, as damaged, and nothing is compared with it.
  virtual void set_copy_aside() {}
};

// Whether the folder of a vault is ours alone: then it is made if it is missing, and closed to
// others. Who only inspects leaves it as it is.
enum class FolderUse { own, leave_as_it_is };

// The storage of this user's vault, by the environment and the settings; a folder that the user
// names is left as it is in any case. A vault that the environment names is not shared. Touches
// nothing.
[[nodiscard]] std::unique_ptr<Storage> open_storage(const Environment& environment,
                                                    const Settings& settings, const Notes& notes,
                                                    FolderUse folder = FolderUse::own);

}  // namespace cred
