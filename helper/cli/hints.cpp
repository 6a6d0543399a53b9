// SPDX-License-Identifier: MIT
#include "helper/cli/hints.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "helper/text/shell_words.h"
#include "platform/keyring/status.h"
#include "platform/system/environment.h"
#include "platform/system/terminal.h"
#include "platform/text/notes.h"

namespace cred {
namespace {

struct Row {
  Errc code;
  std::string_view hint;
  std::string_view unattended = {};  // where nobody is there to follow it, if that differs
};

constexpr std::string_view kLookAtKeyring =
    "look at the keyring in its own program, as Passwords and Keys (seahorse), or log out and in "
    "to "
    "restart it";

constexpr std::array kRows{
    Row{Errc::bad_request, ""},
    Row{Errc::not_found, ""},
    Row{Errc::unavailable, "start a keyring (gnome-keyring, KWallet or KeePassXC) in this session"},
    Row{Errc::bus_refused, kForeignBusHint},
    Row{Errc::no_collection, "create a keyring named \"Default\" in Passwords and Keys (seahorse)"},
    Row{Errc::locked, "unlock the login keyring and try again",
        "unlock the keyring in the desktop session of this machine, or log in there"},
    Row{Errc::refused, "try again, and answer the keyring's question for its password"},
    Row{Errc::timed_out,
        "see whether the keyring waits for an answer; the limits are "
        "reply_timeout_s and prompt_timeout_s in settings.json"},
    Row{Errc::no_object, kLookAtKeyring},
    Row{Errc::keyring_failed, kLookAtKeyring},
    Row{Errc::no_library, kLibraryHint},
    Row{Errc::vault_missing, "docker-credential-keyring vault create"},
    Row{Errc::vault_elsewhere,
        "set DOCKER_CREDENTIAL_KEYRING_VAULT to that path in this environment, or have "
        "XDG_DATA_HOME "
        "as where the vault was made; nothing was forgotten"},
    Row{Errc::vault_locked, "docker-credential-keyring vault unlock",
        "docker-credential-keyring vault unlock --for 8h, at a terminal of this user; or a key "
        "file, "
        "which needs nobody: docker-credential-keyring vault key add --key-file PATH"},
    Row{Errc::vault_refused, "docker-credential-keyring vault unlock"},
    Row{Errc::vault_unsafe,
        "fix what is named; a vault that is damaged or gone can be restored from a backup, or "
        "removed "
        "by docker-credential-keyring vault destroy, to log in again"},
    Row{Errc::wrong_key,
        "DOCKER_CREDENTIAL_KEYRING_KEY_FILE=PATH, in the environment, names a key file that lies "
        "elsewhere; docker-credential-keyring vault key list lists the keys"},
    Row{Errc::wrong_passphrase,
        "another key may unlock it: docker-credential-keyring vault key list; where none does, "
        "docker-credential-keyring vault destroy removes it with every login in it"},
    Row{Errc::unsettled,
        "see whether it is there (docker-credential-keyring doctor lists what is stored), and try "
        "again"},
    Row{Errc::no_place_library,
        "a shared vault needs libcurl 4: install libcurl4 (Debian and Ubuntu), libcurl (Fedora and "
        "RHEL), libcurl4 (openSUSE) or curl (Arch); the copy here answers without it"},
    Row{Errc::place_unreachable,
        "see whether the place can be reached from here; docker-credential-keyring vault status "
        "says when it last was"},
    Row{Errc::place_refused,
        "see whether the certificate (--cert, --cert-key, --ca) or the password (--password-file) "
        "is right, and whether its user may do that there; settings.json keeps their paths"},
    Row{Errc::not_joined,
        "docker-credential-keyring vault status, where the admins work, shows the place and the "
        "id; the vault's key for this machine is given by --key-file PATH, and a passphrase at a "
        "terminal"},
    Row{Errc::key_replaced,
        "the vault's key was replaced: give this machine the new one, in the file that "
        "\"key_file\" "
        "in settings.json names, or by docker-credential-keyring vault join PLACE --id ID "
        "--key-file NEW"},
    Row{Errc::place_unfit,
        "docker-credential-keyring vault status shows what this machine has; where that is the "
        "right one, and the place was lost or restored: docker-credential-keyring vault share "
        "--replace, or of a file on a web server, put it there again"},
    Row{Errc::not_unsealed,
        "see whether the TPM or the tang server can be reached; docker-credential-keyring vault "
        "key list lists the other keys of the vault"},
    Row{Errc::key_command_failed,
        "run the key command by hand: it has to print the key of the vault, and to end within 30 "
        "seconds"},
    Row{Errc::not_sealed,
        "see whether the TPM or the tang server can be reached, and what clevis says by hand: echo "
        "test | clevis encrypt PIN CONFIG"},
    Row{Errc::no_store,
        "docker-credential-keyring vault create makes an encrypted vault, which needs no keyring; "
        "or start a keyring (gnome-keyring, KWallet or KeePassXC) in this session"},
    Row{Errc::helper_failed,
        "ask that helper by hand, as docker does: echo SERVER | docker-credential-NAME get; a key "
        "of "
        "gpg may have to be unlocked first (export GPG_TTY=$(tty) in a terminal); one that will "
        "never answer again has to be off PATH, then its place is taken without what it had"},
    Row{Errc::home_absent,
        "at home, docker-credential-keyring forward SERVER has to run, and its socket has to lead "
        "here"},
    Row{Errc::home_failed, ""},
    Row{Errc::home_refused,
        "at home: docker-credential-keyring forward --stop, and then docker-credential-keyring "
        "forward SERVER --allow-store"},
    Row{Errc::left_behind,
        "each file is wholly done or as it was, and docker goes by that; run it again when the "
        "reason is gone"},
    Row{Errc::io, ""},
};

std::string as_root(const std::string& command) {
  return command.empty() || geteuid() == 0 ? command : "sudo " + command;
}

std::string chown_command(const ForeignPart& foreign) {
  const std::string user = std::to_string(geteuid());
  const std::string path = foreign.path.string();
  return as_root(foreign.is_own_folder ? shell_command({"chown", "-R", user, path})
                                       : shell_command({"chown", user, path}));
}

}  // namespace

Attendance Attendance::of_process() {
  return {.has_terminal = Terminal::open().has_value(),
          .has_dialogs = may_ask(Environment::of_process(Notes()), Prompting::automatic)};
}

std::string hint_for(const Error& failure, const Attendance& here) {
  const bool is_never_there = failure.code() == Errc::unavailable && !has_keyring();
  const Errc code = is_never_there ? Errc::vault_missing : failure.code();
  const auto* row = std::ranges::find(kRows, code, &Row::code);
  const std::string_view hint = row == kRows.end() ? std::string_view() : row->hint;
  if (hint.empty() && failure.path() != nullptr)
    return access_command(inspect_status(*failure.path()));
  if (hint.empty()) return "";
  const bool is_attended = code == Errc::locked ? here.has_dialogs : here.has_terminal;
  return std::string(is_attended || row->unattended.empty() ? hint : row->unattended);
}

std::string access_command(const FileStatus& file) {
  const std::string path = file.path.string();
  if (file.is_empty_folder) {
    return file.foreign ? as_root(shell_command({"rmdir", path})) : shell_command({"rmdir", path});
  }
  if (file.type == FileType::folder || file.type == FileType::other) {
    return file.is_link ? shell_command({"rm", path}) : "";
  }
  if (file.foreign) return chown_command(*file.foreign);
  if (file.closed_own) return shell_command({"chmod", "u+rwx", file.closed_own->string()});
  const bool is_own = file.type == FileType::regular && file.owner == geteuid();
  return is_own ? shell_command({"chmod", "600", path}) : "";
}

std::string folder_access_command(const FileStatus& file, const FileStatus& folder) {
  if (file.foreign) return chown_command(*file.foreign);
  const bool is_own = folder.type == FileType::folder && folder.owner == geteuid();
  return is_own ? shell_command({"chmod", "u+rwx", folder.path.string()}) : "";
}

std::string vault_create_command(bool at_terminal, const std::string& key_file) {
  if (at_terminal) return shell_command({kProgram, "vault", "create"});
  return shell_command({kProgram, "vault", "create", "--key-file", key_file});
}

std::string unlock_command(StoreId store) { return std::string(store.unlock_command()); }

}  // namespace cred
