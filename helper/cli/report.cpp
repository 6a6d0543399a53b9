// SPDX-License-Identifier: MIT
#include "helper/cli/report.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "platform/system/error.h"
#include "platform/system/library.h"

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
        "mend what is named, restore the vault from a backup, or remove it by "
        "docker-credential-keyring vault destroy and log in again"},
    Row{Errc::wrong_key,
        "docker-credential-keyring vault unlock --key-file PATH opens it by a key file that lies "
        "elsewhere; docker-credential-keyring vault key list shows the ways to open it"},
    Row{Errc::not_unsealed,
        "see whether the TPM or the tang server can be reached; docker-credential-keyring vault "
        "key list shows the other ways to open the vault"},
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

// What is shown of a failure: of one that is not ours nothing, for what() may quote a secret.
std::string_view message_of(const std::exception& failure) {
  const auto* known = dynamic_cast<const Error*>(&failure);
  return known != nullptr ? known->what() : "internal error";
}

int report_hint(const std::exception& failure, const Notes& err) {
  if (const auto* known = dynamic_cast<const Error*>(&failure)) {
    const auto* row = std::ranges::find(kRows, known->code(), &Row::code);
    if (row != kRows.end() && !row->hint.empty()) err.hint(row->hint);
  }
  return exit_failed;
}

}  // namespace

int report(const std::exception& failure, const Notes& out, const Notes& err) {
  out.line(message_of(failure));
  return report_hint(failure, err);
}

int report_beside(const std::exception& failure, const Notes& err) {
  err.note(message_of(failure));
  return report_hint(failure, err);
}

}  // namespace cred
