#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Told by as_plain_user.sh, to an ordinary user with sudo.
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

name=docker-credential-keyring
start_session
store a.example ada word-one
healthy_but_for_sudo() {
  examine
  equal '["helper-not-under-sudo"]' \
    "$(jq -c '[.findings[] | select(.severity != "info") | .id]' "$LAB/findings")" 'to fix'
}
ours
healthy_but_for_sudo

# --- nowhere on PATH: then installed, whole
rm "$LAB/bin/$name"
PROGRAM=$HELPER
mended helper-not-on-path problem PATH
finds_not helper-not-under-sudo
unset PROGRAM
equal "/usr/local/bin/$name" "$(type -P "$name")" 'where it was installed'
has a.example ada word-one
healthy 'installed'

# --- installed, and its folder is not on PATH
saved=$PATH
PROGRAM=/usr/local/bin/$name
PATH=${PATH//\/usr\/local\/bin:/}
mended helper-not-on-path problem
unset PROGRAM
has a.example ada word-one
PATH=$saved

# --- another program of that name comes first
printf '#!/bin/sh\necho 1.0\n' >"$LAB/bin/$name"
chmod 0755 "$LAB/bin/$name"
PROGRAM=/usr/local/bin/$name
hash -r
mended helper-is-another problem "$LAB/bin/$name"
unset PROGRAM
same_file "$HELPER" "$LAB/bin/$name" 'what docker starts'
healthy 'shadowed no more'

# --- only where this user has it, and not under sudo
sudo rm -r /usr/local/bin
mended helper-not-under-sudo warning sudo
equal "/usr/local/bin/$name" "$(sudo sh -c "command -v $name")" 'what sudo finds'
healthy 'sudo'

# --- files that may not be read
chmod 0 "$CONFIG"
mended config-unreadable problem "$CONFIG"
healthy 'readable'
settings '{"store": "auto"}'
chmod 0 "$HOME/.config/$name/settings.json"
mended settings-unreadable warning settings.json
sudo chown root "$CONFIG"
mended config-foreign problem "$CONFIG"
equal "$EUID" "$(stat -c %u "$CONFIG")" 'owner of config.json'
healthy 'mine again'

# --- folders of root's: named, and the cure works to the end
sudo chown -R root "$HOME/.docker"
sudo chmod 700 "$HOME/.docker"
finds config-unreadable problem "$HOME/.docker belongs to another user"
run docker-credential-keyring migrate
exits 1 'migrate'
says "$HOME/.docker belongs to another user" "hint: sudo chown -R $EUID $HOME/.docker"
mended config-unreadable problem
healthy 'the folder is mine again'
config "{\"auths\":{$(login b.example bob word-two)}}"
sudo chown -R root "$HOME/.docker"
sudo chmod 755 "$HOME/.docker"
mended config-foreign problem "$CONFIG"
finds_not config-folder-closed
mended plaintext-logins warning b.example
sudo chown root "$HOME/.docker"
mended config-folder-closed problem "$HOME/.docker" 'another user'
healthy 'it can be written'
chmod 500 "$HOME/.docker"
mended config-folder-closed problem "$HOME/.docker"
healthy 'by its owner too'
end_process "$KEYRING_PID"
end_process "$BUS_PID"
unset DBUS_SESSION_BUS_ADDRESS
rm -rf "$HOME/.local" "$HOME/.config"

# --- a key beside the vault
make_key_file "$VAULT_FOLDER/key"
READER_KEY=(--key-file "$VAULT_FOLDER/key")
second_writer_makes "${READER_KEY[@]}" --path "$VAULT_FOLDER/key"
store a.example ada word-one
mended vault-key-beside warning "$VAULT_FOLDER/key"
has a.example ada word-one
equal "$KEY_FILE" "$(header '.slots[].params.path')" 'the key file that is left'

# --- the vault's folder is root's: not gone, and nothing is forgotten
sudo chown root "$VAULT_FOLDER"
sudo chmod 700 "$VAULT_FOLDER"
call get a.example
failed 'get'
says "$VAULT_FOLDER belongs to another user"
says_not 'is gone'
finds vault-foreign problem "$VAULT_FOLDER"
equal '' "$(field vault-gone severity)$(field no-store severity)" 'called gone'
vault destroy --yes
exits 1 'destroy'
mended vault-foreign problem
has a.example ada word-one
