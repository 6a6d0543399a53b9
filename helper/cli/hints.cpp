// SPDX-License-Identifier: MIT
#include "helper/cli/hints.h"

#include <algorithm>
#include <array>

#include "helper/text/shell_words.h"
#include "platform/keyring/status.h"
#include "platform/text/notes.h"

namespace cred {
namespace {

struct Row {
  Errc code;
  std::string_view hint;
};

constexpr std::string_view kLookAtKeyring =
    "look at the keyring in its own program, as Passwords and Keys (seahorse), or log out and in "
    "to "
    "restart it";

constexpr std::array kRows{
    Row{Errc::bad_request, ""},
    Row{Errc::not_found, ""},
    Row{Errc::unavailable, "start a keyring (gnome-keyring, KWallet or KeePassXC) in this session"},
    Row{Errc::no_collection, "create a keyring named \"Default\" in Passwords and Keys (seahorse)"},
    Row{Errc::locked, "unlock the login keyring and try again"},
    Row{Errc::refused, "try again, and answer the keyring's question for its password"},
    Row{Errc::timed_out,
        "see whether the keyring waits for an answer; the limits are "
        "reply_timeout_s and prompt_timeout_s in settings.json"},
    Row{Errc::no_object, kLookAtKeyring},
    Row{Errc::keyring_failed, kLookAtKeyring},
    Row{Errc::no_library, kLibraryHint},
    Row{Errc::vault_missing, "docker-credential-keyring vault create"},
    Row{Errc::vault_locked, "docker-credential-keyring vault unlock"},
    Row{Errc::vault_refused, "docker-credential-keyring vault unlock"},
    Row{Errc::vault_unsafe,
        "fix what is named, restore the vault from a backup, or remove it by "
        "docker-credential-keyring vault destroy and log in again"},
    Row{Errc::wrong_key,
        "docker-credential-keyring vault unlock --key-file PATH unlocks it by a key file that lies "
        "elsewhere; docker-credential-keyring vault key list lists its keys"},
    Row{Errc::unsettled,
        "see whether it is there (docker-credential-keyring doctor lists what is stored), and try "
        "again"},
    Row{Errc::not_unsealed,
        "see whether the TPM or the tang server can be reached; docker-credential-keyring vault "
        "key list lists the other keys of the vault"},
    Row{Errc::no_store,
        "docker-credential-keyring vault create makes an encrypted vault, which needs no keyring; "
        "or "
        "start a keyring (gnome-keyring, KWallet or KeePassXC) in this session"},
    Row{Errc::helper_failed,
        "ask that helper by hand, as docker does: echo SERVER | docker-credential-NAME get; a key "
        "of "
        "gpg may have to be unlocked first (export GPG_TTY=$(tty) in a terminal)"},
    Row{Errc::io, ""},
};

}  // namespace

std::string_view hint_for(Errc code) {
  const auto* row = std::ranges::find(kRows, code, &Row::code);
  return row == kRows.end() ? std::string_view() : row->hint;
}

std::string vault_create_command(bool at_terminal, const std::string& key_file) {
  if (at_terminal) return shell_command({kProgram, "vault", "create"});
  return shell_command({kProgram, "vault", "create", "--key-file", key_file});
}

std::string unlock_command(StoreId store) { return std::string(store.unlock_command()); }

}  // namespace cred
