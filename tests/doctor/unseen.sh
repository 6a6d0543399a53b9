#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is no file, cannot be seen, or lies elsewhere is named as what it is: no cure of it destroys or
# loosens anything, and what a cure does, makes the finding go without another problem.
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

make_vault_with_key
store a.example ada word-one
printf '%s\n' word-one >>"$LAB/secrets"
ours
healthy 'to begin with'

# no_harm ID: its command, if there is one, neither changes an owner or a mode nor forgets.
no_harm() {
  [[ $(field "$1" command) != *@(chmod|chown|destroy)* ]] ||
    fail "$1: a cure that harms: $(field "$1" command)"
}

# --- config.json is none, and each cure ends well
rm "$CONFIG"
mkdir "$CONFIG"
finds config-unreadable problem "$CONFIG is a folder" engine
no_harm config-unreadable
mended config-unreadable problem
[[ ! -e $CONFIG ]] || fail 'expected the empty folder to be gone'
mkdir "$CONFIG"
: >"$CONFIG/something"
finds config-unreadable problem
equal '' "$(field config-unreadable command)" 'command for a folder with something in it'
rm -r "$CONFIG"
ln -s /dev/null "$CONFIG"
finds config-unreadable problem "$CONFIG is a link to /dev/null"
no_harm config-unreadable
mended config-unreadable problem
[[ -c /dev/null && ! -L $CONFIG ]] || fail 'expected the link alone to be gone'
mkfifo "$CONFIG"
finds config-unreadable problem "$CONFIG is a pipe"
no_harm config-unreadable
run docker-credential-keyring migrate
exits 1 'migrate on a pipe'
says "$CONFIG is a pipe"
rm "$CONFIG"
ln -s "${CONFIG##*/}" "$CONFIG"
finds config-unreadable problem "$CONFIG"
no_harm config-unreadable
rm "$CONFIG"
ours
healthy 'a file again'

# --- so do the others: ~/.dockercfg is named, and the rest moves
mkdir "$HOME/.dockercfg"
finds config-unreadable problem "$HOME/.dockercfg is a folder"
ours "$(login b.example bob word-two)"
run docker-credential-keyring migrate
exits 3 'migrate beside a .dockercfg that is none'
says ' ~/.dockercfg is a folder' 'left as it is'
has b.example bob word-two
run docker-credential-keyring migrate --json
exits 1 'migrate with nothing but that'
equal "$HOME/.dockercfg refused" "$(jq -r '.files[] | select(.status == "refused") | "\(.file) \(.status)"' "$LAB/out")" \
  'the file that was left out'
examine
mended config-unreadable problem "$HOME/.dockercfg"
mkdir -p "$HOME/.config/docker-credential-keyring/settings.json"
mended settings-unreadable warning 'is a folder'
healthy 'settings'

# --- a disk that is read-only here, as a secret that is mounted
ours
# shellcheck disable=SC2016
run unshare --mount --propagation private bash -ec 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"
  exec docker-credential-keyring doctor --json' read-only "$HOME/.docker"
cp "$LAB/out" "$LAB/findings"
found config-read-only info "$HOME/.docker" migrate

# --- the key file
mv "$KEY_FILE" "$LAB/key"
mkdir "$KEY_FILE"
finds vault-key-unreadable problem "$KEY_FILE"
no_harm vault-key-unreadable
run_command "$(field vault-key-unreadable command)"
mv "$LAB/key" "$KEY_FILE"
healthy 'the key file'

# --- the index: what cannot be read is not written anew
index=$HOME/.local/state/docker-credential-keyring/index
mv "$index" "$LAB/index"
ln -s index "$index"
finds index-unreadable problem "$index"
no_harm index-unreadable
store c.example cy word-three
[[ -L $index ]] || fail 'expected the index to be left alone'
rm "$index"
mv "$LAB/index" "$index"
healthy 'the index'

# --- the vault: not seen is not gone
mv "$VAULT_FOLDER" "$LAB/vault"
for way in file circle; do
  [[ $way == circle ]] || : >"$VAULT_FOLDER"
  [[ $way == file ]] || ln -s "${VAULT_FOLDER##*/}" "$VAULT_FOLDER"
  finds vault-unseen problem "$VAULT_FOLDER"
  no_harm vault-unseen
  equal '' "$(field vault-gone severity)$(field no-store severity)" 'called gone'
  vault destroy --yes
  exits 1 "destroy, $way"
  call get a.example
  failed "get, $way"
  rm "$VAULT_FOLDER"
done
mv "$LAB/vault" "$VAULT_FOLDER"
mv "$KEY_FILE" "$LAB/key"
call get a.example
failed 'get, locked: the index still knows it'
mv "$LAB/key" "$KEY_FILE"
has a.example ada word-one

# --- the vault lies elsewhere, as an environment says that is not this one's
elsewhere=$HOME/snap/code/.local/share
for change in "XDG_DATA_HOME=$elsewhere" "DOCKER_CREDENTIAL_KEYRING_VAULT=$elsewhere/v"; do
  export "${change?}"
  finds vault-elsewhere problem "$VAULT" "$elsewhere" "${change%%=*}" a.example
  no_harm vault-elsewhere
  equal '' "$(field vault-gone severity)$(field no-store severity)" 'called gone'
  call get a.example
  failed 'get'
  says "$VAULT" "${change%%=*}"
  vault status
  says "$VAULT" "${change%%=*}"
  vault destroy --yes
  exits 1 'destroy'
  says "$VAULT"
  mended vault-elsewhere problem
  has a.example ada word-one
  healthy "the cure of ${change%%=*}"
  unset XDG_DATA_HOME DOCKER_CREDENTIAL_KEYRING_VAULT
done
# the other way round: made there, looked for here
XDG_DATA_HOME=$HOME/other vault create --key-file "$LAB/second"
rm -r "$VAULT_FOLDER"
finds vault-elsewhere problem "$HOME/other"
vault destroy --yes
exits 1 'destroy of what lies elsewhere'
call get a.example
failed 'get: nothing was forgotten'
rm -r "$HOME/other"
mended vault-gone problem a.example

# --- DOCKER_CONFIG names no folder: one finding, one error, nothing made
make_vault_with_key
ours "$(login d.example dan word-four)"
tilde='~' dollar='$'
for named in "$CONFIG" "$tilde/.docker" "${dollar}HOME/.docker" "${dollar}{HOME}/.docker"; do
  export DOCKER_CONFIG=$named
  examine
  equal '["docker-config-mistaken"]' "$(jq -c '[.findings[] | select(.severity == "problem") | .id]' "$LAB/findings")" "$named"
  no_harm docker-config-mistaken
  run docker-credential-keyring migrate
  exits 1 "migrate, $named"
  says DOCKER_CONFIG "$HOME/.docker"
  run docker-credential-keyring restore --yes
  exits 1 "restore, $named"
  equal '' "$(find "$LAB/tmp" -mindepth 1)" 'made in the working folder'
  mended docker-config-mistaken problem "$named"
  equal "$HOME/.docker" "$DOCKER_CONFIG" 'the cure'
done
unset DOCKER_CONFIG

# --- UTF-16, as PowerShell writes it
for from in UTF-16 UTF-16LE UTF-16BE; do
  ours "$(login d.example dan word-four)"
  iconv -f UTF-8 -t "$from" -o "$LAB/utf16" "$CONFIG"
  install -m 600 "$LAB/utf16" "$CONFIG"
  mended config-malformed problem UTF-16
  equal 600 "$(stat -c %a "$CONFIG")" 'mode of what was converted'
  found plaintext-logins warning d.example
done
mended plaintext-logins warning
has d.example dan word-four
