#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# migrate --from pass, with docker's real helper, a real pass and a real gpg key.
. "${BASH_SOURCE[0]%/*}/from_lab.sh" || exit 1

start_session
use_pass
fill pass 20
config '{"auths":{"h1.example":{}},"credsStore":"pass"}'

# --- a look changes nothing
migrate --from pass --dry-run
exits 0 --dry-run
tells h7.example moved keyring
keeps
nothing_stored --dry-run

# --- all of them, and pass keeps its own
migrate --from pass
exits 0
tells h1.example moved 'to the keyring'
tells h20.example moved user20
becomes '{"auths":{"h1.example":{}},"credsStore":"keyring"}'
equal 20 "$(items docker_cli 1)" 'items in the keyring'
filled 20
holds_in pass 20

# --- once more, and they go from pass
migrate --from pass --erase-source --json
exits 0 --erase-source
reports '.files | map(.file) | join(" ")' "$CONFIG docker-credential-pass"
reports '.files | map(.status) | join(" ")' 'unchanged migrated'
reports '[.files[1].entries[] | .action + " " + .store] | unique | join(", ")' 'moved keyring'
reports '.files[1].entries | length' 20
holds_in pass 0
filled 20
equal '' "$(find "$PASSWORD_STORE_DIR" -name '*.gpg')" 'files of pass'
equal 20 "$(items docker_cli 1)" 'items in the keyring'
no_plaintext

# --- a key with a passphrase: where nobody can be asked nothing happens, and the cure is named
forget_passphrase
rm -r "$GNUPGHOME" "$PASSWORD_STORE_DIR" "$LAB/bin/pass"
use_pass phrase-of-ada
echo 'pinentry-program /usr/bin/pinentry-curses' >"$GNUPGHOME/gpg-agent.conf"
fill pass 2
forget_all
config '{"credsStore":"pass"}'
forget_passphrase
migrate --from pass
refused 'the key is locked'
says 'docker-credential-pass get' 'hint' 'GPG_TTY'
nothing_stored 'the key is locked'

# --- gpg asks at our terminal, once, though it is not its own
at_terminal --in tty --expect 'Passphrase' --wait 0.5 --type $'phrase-of-ada\r' -- env TERM=xterm \
  docker-credential-keyring migrate --from pass
exits 0 'at a terminal'
tells h2.example moved
filled 2
