#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docker login, use and logout through the helper: with a password and with an identity token.
. "${BASH_SOURCE[0]%/*}/lab/registry.sh" || exit 1
: "${HELPER:?the program under test}"

start_session
seed_storage
password=$(new_secret)
start_password_registry ada "$password"
by_password=$REGISTRY
token_password=$(new_secret) identity_token=idt.$(new_secret)
start_token_registry bob "$token_password" "$identity_token"
by_token=$REGISTRY

mkdir "$HOME/.docker"
echo '{"credsStore": "keyring"}' >"$HOME/.docker/config.json"

# silent_login REGISTRY USERNAME PASSWORD: docker stores it without a word about plain text.
silent_login() {
  login "$@"
  grep -q 'Login Succeeded' "$LAB/docker.out" || fail "docker login $1: no success"
  ! grep -qi unencrypted "$LAB/docker.out" "$LAB/docker.err" || fail "docker login $1: plain text"
}

# --- a password
pulls_not "$by_password"
silent_login "$by_password" ada "$password"
configures "{\"auths\": {\"$by_password\": {}}, \"credsStore\": \"keyring\"}"
has "$by_password" ada "$password"
equal 1 "$(items server "$by_password" username ada)" 'items in the keyring'
pulls "$by_password"

# A wrong one is refused by the registry, and the right one stays.
docker_fails login --username ada --password-stdin "$by_password" <<<"not $password"
has "$by_password" ada "$password"
pulls "$by_password"

# --- an identity token
pulls_not "$by_token"
silent_login "$by_token" bob "$token_password"
configures "{\"auths\": {\"$by_password\": {}, \"$by_token\": {}}, \"credsStore\": \"keyring\"}"
has "$by_token" '<token>' "$identity_token"
pulls "$by_token"
lists "{\"$by_password\": \"ada\", \"$by_token\": \"<token>\"}"

# The keyring is on disk by now, and neither secret can be read there or anywhere else.
[[ -s $HOME/.local/share/keyrings/login.keyring ]] || fail 'the keyring has no file'
no_trace "$password" "$token_password" "$identity_token"

# --- another password for the same registry takes the first one's place
docker logout "$by_token"
configures "{\"auths\": {\"$by_password\": {}}, \"credsStore\": \"keyring\"}"
has_not "$by_token"
pulls_not "$by_token"
pulls "$by_password"

docker logout "$by_password"
equal '{"credsStore":"keyring"}' "$(jq -c 'del(.auths | select(. == {}))' "$HOME/.docker/config.json")"
has_not "$by_password"
pulls_not "$by_password"
equal 0 "$(items server "$by_password")" 'items in the keyring'
lists '{}'
no_trace "$password" "$token_password" "$identity_token"
