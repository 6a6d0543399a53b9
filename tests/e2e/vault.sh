#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docker and its engine on a machine without a bus: login, use, push, pull and logout, all through the
# vault. First with a key file, then with a vault that is opened once and locked again.
. "${BASH_SOURCE[0]%/*}/lab/registry.sh" || exit 1
: "${HELPER:?the program under test}"

bare_environment
seed_storage
password=$(new_secret)
start_password_registry ada "$password"
by_password=$REGISTRY
token_password=$(new_secret) identity_token=idt.$(new_secret)
start_token_registry bob "$token_password" "$identity_token"
by_token=$REGISTRY
start_engine

mkdir "$HOME/.docker"
echo '{"credsStore": "keyring"}' >"$HOME/.docker/config.json"
vault_file=$HOME/.local/share/docker-credential-keyring/vault

# vault COMMAND… [<KEY]: must succeed.
# shellcheck disable=SC2034 # read by lab.sh
vault() {
  LAST_CALL="vault $*" STATUS=0
  timeout -k 5 "$LIMIT" docker-credential-keyring vault "$@" >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  read_answer
  equal 0 "$STATUS" "exit of vault $*"
}

# login_fails HINT: docker cannot keep the login, and whoever reads its output learns what to do: by a
# regular expression.
login_fails() {
  docker_fails login --username ada --password-stdin "$by_password" <<<"$password"
  grep -qE "docker-credential-keyring vault ($1)" "$LAB/docker.out" "$LAB/docker.err" ||
    fail "docker login: expected the hint vault $1"
  equal 0 "$(jq '[.auths[]? | select(. != {})] | length' "$HOME/.docker/config.json")" \
    'logins in config.json'
}

# use REGISTRY USERNAME PASSWORD STORED-USERNAME STORED-SECRET: from login to the second pull.
use() {
  pulls_not "$1"
  docker_fails pull "$1/$IMAGE"
  login "$1" "$2" "$3"
  ! grep -qi unencrypted "$LAB/docker.out" "$LAB/docker.err" || fail "docker login $1: plain text"
  has "$1" "$4" "$5"
  pulls "$1"
  docker pull "$1/$IMAGE"
  docker tag "$1/$IMAGE" "$1/lab/copy:1"
  docker push "$1/lab/copy:1"
  docker rmi "$1/lab/copy:1" "$1/$IMAGE"
  docker pull "$1/lab/copy:1"
  docker rmi "$1/lab/copy:1"
}

use_both() {
  use "$by_password" ada "$password" ada "$password"
  use "$by_token" bob "$token_password" '<token>' "$identity_token"
  lists "{\"$by_password\": \"ada\", \"$by_token\": \"<token>\"}"
  configures "{\"auths\": {\"$by_password\": {}, \"$by_token\": {}}, \"credsStore\": \"keyring\"}"
  # Logged in again with what the vault holds; docker never does that with an identity token.
  docker login "$by_password"
  grep -q 'Login Succeeded' "$LAB/docker.out" || fail 'docker login with the stored password'
  [[ -s $vault_file ]] || fail 'there is no vault'
  no_trace "$password" "$token_password" "$identity_token"
}

log_out_of_both() {
  local registry
  for registry in "$by_password" "$by_token"; do
    docker logout "$registry"
    has_not "$registry"
    pulls_not "$registry"
    docker_fails pull "$registry/$IMAGE"
  done
  lists '{}'
}

# --- no store at all: nothing is kept, and the way out is named
pulls_not "$by_password"
login_fails create

# --- a key file
key_file=$HOME/.config/docker-credential-keyring/key
vault create --key-file "$key_file"
use_both
log_out_of_both
vault destroy --yes
[[ ! -e $vault_file ]] || fail 'the vault is still there'

# --- a key that is on no disk: the vault is opened once
key=$(new_secret)$(new_secret)
vault create --key-file - <<<"$key"
login_fails 'unlock|key list'
vault unlock --for 10m --key-file - <<<"$key"
use_both
no_trace "$key"

vault lock
for registry in "$by_password" "$by_token"; do
  call get "$registry"
  failed "get $registry"
  pulls_not "$registry"
  docker_fails pull "$registry/$IMAGE"
done

vault unlock --for 10m --key-file - <<<"$key"
pulls "$by_token"
log_out_of_both
vault lock

stop_engine
