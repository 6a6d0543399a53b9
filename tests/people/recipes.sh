#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The life of a vault by README's own commands: a second key, a changed and a lost passphrase, a second
# admin, a registry's new password on a node, a backup, another machine, cron, and the end.
. "${BASH_SOURCE[0]%/*}/../kubelet/kubelet_lab.sh" || exit 1
# shellcheck source=../lab/recipes.sh
. "$LAB_SOURCE/recipes.sh"

mkdir "$LAB/usb"
opens() { "$READER" dump "$VAULT" --passphrase-file <(printf '%s\n' "$1") >"$LAB/dump" 2>&1; }
shut() { ! opens "$1" || fail "«$1» unlocks the vault"; }
locked_and() {
  vault lock
  forget_vault_refusals
}
labelled() { header "[.slots[] | select(.label == \"$1\") | .id][0] // \"\""; }
removes() {
  HERE+=(-e "s| ID\$| $1|")
  follow remove-key "${@:2}"
  unset 'HERE[-1]' 'HERE[-1]'
}

# --- a server: a passphrase, unlocked for the day
make_vault_with_passphrase 'first words'
store nexus.example:8083 ada word-one
locked_and
follow unlock --answer 'first words'
equal true "$(status .open)" 'unlocked'

# --- a second key, a changed passphrase
follow second-key
[[ -s $LAB/usb/key ]] || fail 'no key on the stick'
follow passwd --answer 'first words' --answer 'second words' --answer 'second words'
opens 'second words' || fail 'the new passphrase does not unlock the vault'
shut 'first words'

# --- it is lost: the stick opens the vault, and the lost one goes
locked_and
lost=$(slot_of passphrase)
follow lost --answer 'third words' --answer 'third words'
[[ $OUT == *"$lost"*"$(labelled 'new passphrase')"* ]] || fail "the list of keys: $OUT"
removes "$lost" --answer 'third words'
opens 'third words' || fail 'the third passphrase does not unlock the vault'
shut 'second words'
has nexus.example:8083 ada word-one

# --- a second admin comes, and goes
follow second-admin --answer 'words of bob' --answer 'words of bob'
opens 'words of bob' || fail 'the second admin cannot unlock the vault'
removes "$(labelled bob)" --answer 'third words'
shut 'words of bob'

# --- the registry's password changes, on a node
store nexus.example.com:8083 ci old-word
printf 'new-word\n' >new-password
follow rotate
[[ ! -e new-password ]] || fail 'the password is in a file still'
[[ $OUT == *nexus.example.com:8083*ci* && $OUT != *word* ]] || fail "ls after the rotation: $OUT"
gets nexus.example.com:8083/app:1 Registry nexus.example.com:8083 ci new-word

# --- a backup, which is an older vault
follow backup
store later.example ada word-two
cp -p "$VAULT" "$LAB/newest"
install -m 600 "$LAB/usb/vault" "$VAULT"
call list
equal '{"nexus.example.com:8083":"ci","nexus.example:8083":"ada"}' "$OUT" 'what the backup lists'
has_not later.example
install -m 600 "$LAB/newest" "$VAULT"
has later.example ada word-two

# --- another machine, which has the stick's vault and no key but the passphrase
mkdir "$LAB/second" "$LAB/second-run"
mv "$LAB/usb/key" "$LAB/key-stays-at-home"
first=$HOME
HOME=$LAB/second XDG_RUNTIME_DIR=$LAB/second-run follow move --answer 'third words'
[[ $OUT == *nexus.example:8083*ada*vault* ]] || fail "ls on the other machine: $OUT"
equal keyring "$(jq -r .credsStore "$LAB/second/.docker/config.json")" 'credsStore there'
equal 700 "$(stat -c %a "$LAB/second/.local/share/docker-credential-keyring")" 'the folder there'
equal "$first" "$HOME" home
mv "$LAB/key-stays-at-home" "$LAB/usb/key"

# --- cron: nobody is there
follow cron
mv "$LAB/usb" "$LAB/pulled-out"
locked_and
has nexus.example:8083 ada word-one
[[ -s $KEY_FILE ]] || fail 'no key for cron'

# --- the end: the logins are in the file again
mkdir -p "$HOME/.docker"
echo '{}' >"$HOME/.docker/config.json"
run docker-credential-keyring migrate
exits 0 migrate
follow uninstall
equal ada:word-one "$(jq -r '.auths["nexus.example:8083"].auth' "$HOME/.docker/config.json" | base64 -d)" 'restored'
equal null "$(jq -r .credsStore "$HOME/.docker/config.json")" credsStore
[[ ! -e $VAULT ]] || fail 'the vault is still there'
