#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# No keyring, no vault: at a terminal migrate explains, asks which vault, makes it and moves the logins
# into it. Where nobody can be asked it says how to make one, and changes nothing.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

config=$HOME/.docker/config.json
begin() {
  forget_vault
  mkdir -p "$HOME/.docker"
  printf '{"auths":{"reg.example":{"auth":"%s"}}}' "$(printf ada:secret-of-ada | base64)" >"$config"
  cp "$config" "$LAB/before"
}
moved() {
  exits 0 "migrate, $1"
  says 'to the vault' 'asks the vault'
  equal '{"auths":{"reg.example":{}},"credsStore":"keyring"}' "$(<"$config")" "config.json, $1"
  no_trace secret-of-ada
}

# --- nobody there
begin
run docker-credential-keyring migrate
exits 1 'migrate, nobody there'
says 'hint: docker-credential-keyring vault create'
same_file "$LAB/before" "$config" 'config.json, nobody there'
[[ ! -e $VAULT ]] || fail 'nobody there: a vault was made'
run docker-credential-keyring migrate --dry-run
exits 1 'migrate --dry-run, nobody there'
says 'vault create'

# --- 1, or just Enter: a passphrase
for choice in 1 ''; do
  begin
  at_terminal --expect '[1]: ' --type "$choice" --answer 'pass one' --answer 'pass one' -- docker-credential-keyring migrate
  moved "choice «$choice»"
  [[ $SCREEN == *passphrase* && $SCREEN == *'key file'* ]] || fail "expected both ways to be explained: $SCREEN"
  equal passphrase "$(header '.slots[0].kind')" 'the way'
  says 'cannot be recovered'
  reader_has_passphrase 'pass one'
  reads '{"reg.example": ["ada", "secret-of-ada"]}'
done

# --- 2: a key file, root's in /etc, which here is a copy
cp -a /etc "$LAB/etc"
begin
# shellcheck disable=SC2016
at_terminal --expect '[1]: ' --type 2 -- unshare --mount --propagation private bash -c \
  'mount --bind "$LAB/etc" /etc && exec docker-credential-keyring migrate'
moved 'choice 2'
equal /etc/docker-credential-keyring/key "$(header '.slots[0].params.path')" 'where the key lies'
equal 600 "$(stat -c %a "$LAB/etc/docker-credential-keyring/key")" 'mode of the key file'
READER_KEY=(--key-file "$LAB/etc/docker-credential-keyring/key")
reads '{"reg.example": ["ada", "secret-of-ada"]}'

# --- neither: nothing happens
begin
at_terminal --expect '[1]: ' --type 3 -- docker-credential-keyring migrate
exits 1 'migrate, choice 3'
same_file "$LAB/before" "$config" 'config.json, choice 3'
[[ ! -e $VAULT ]] || fail 'choice 3: a vault was made'
