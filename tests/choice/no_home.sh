#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# An account without a home: what needs one says so, and nothing is written into the working folder.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

((EUID == 0)) || { echo 'no_home.sh: needs root, to become another user' >&2 && exit 1; }
user=23456
chmod 755 "$LAB"
mkdir -m 777 "$LAB/folder"
cp "$HELPER" "$LAB/folder/helper"
install -o "$user" -m 600 <(head -c 32 /dev/urandom | base64) "$LAB/key"

# lost COMMAND…: run by a user of whom no account knows, without HOME, in a folder that it may write.
lost() {
  run env -C "$LAB/folder" -u HOME setpriv --reuid "$user" --regid "$user" --clear-groups "$LAB/folder/helper" "$@"
}
says_home() {
  exits 1 "$1"
  says "set HOME"
  equal "$LAB/folder/helper" "$(find "$LAB/folder" -type f)" "files after $1"
}
credential a.example ada word-one >"$LAB/request"
INPUT=$LAB/request lost store
says_home store
printf a.example >"$LAB/asked"
INPUT=$LAB/asked lost get
says_home get
lost list
says_home list
lost vault create --key-file "$LAB/key"
says_home 'vault create'
lost migrate
says_home migrate
lost doctor
says_home doctor
for home in . relative ~root/..; do
  HOME=$home lost vault status
done
lost version
exits 0 version

# A relative HOME is none, an account's home is taken instead.
call_in() { run env -C "$LAB/tmp" HOME=. docker-credential-keyring vault status; }
call_in
says "$(getent passwd root | cut -d: -f6)/.local/share"
equal '' "$(find "$LAB/tmp" -mindepth 1)" 'made in the working folder'

# A home is known: what cannot be made in it is no lock's fault.
unset XDG_RUNTIME_DIR
export HOME=/nonexistent-home
INPUT=$LAB/request run env -C "$LAB/folder" setpriv --reuid "$user" --regid "$user" --clear-groups "$LAB/folder/helper" store
exits 1 'store without bus and runtime folder'
says 'session bus' 'vault create'
says_not .lock
