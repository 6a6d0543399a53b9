#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The newest login answers for every spelling of its registry: a store removes those that it answers for,
# after it is proven, in either store; and what two stores at once do to each other never leaves none.
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

start_session

# --- what a password was given for: https:// keeps http://, which keeps all others
for store in keyring vault; do
  [[ $store == keyring ]] || make_vault_with_key
  export DOCKER_CREDENTIAL_KEYRING_STORE=$store
  for server in reg.example https://reg.example/v1/ http://reg.example reg.example:5000 reg.example/team; do
    store "$server" "of $server" old
  done
  lists '{"http://reg.example": "of http://reg.example", "reg.example:5000": "of reg.example:5000",
    "reg.example/team": "of reg.example/team", "https://reg.example/v1/": "of https://reg.example/v1/"}'
  store https://reg.example ada new
  has https://reg.example/v1/ ada new
  has reg.example ada new
  has http://reg.example 'of http://reg.example' old
  store reg.example bob newer
  for server in reg.example https://reg.example https://reg.example/v2/ http://reg.example; do
    has "$server" bob newer
  done
  lists '{"reg.example": "bob", "reg.example:5000": "of reg.example:5000", "reg.example/team": "of reg.example/team"}'
done
unset DOCKER_CREDENTIAL_KEYRING_STORE

# --- Docker Hub: podman logs in, and docker after it
store docker.io podman old
store https://index.docker.io/v1/ docker new
store https://index.docker.io/v1/access-token docker token
for server in docker.io index.docker.io https://index.docker.io/v1/; do has "$server" docker new; done
store docker.io podman newer
has https://index.docker.io/v1/ podman newer
has https://index.docker.io/v1/access-token docker token

# --- what another program stored since, which no index names
reference store "$(credential https://else.example/v1/ them old)"
store else.example ada new
has https://else.example/v1/ ada new

# --- in a store that is locked now: it never answers again
erase reg.example
DOCKER_CREDENTIAL_KEYRING_STORE=keyring store https://away.example ada old
lock_warm
store away.example bob new
unlock
has https://away.example bob new
call list
[[ $OUT != *https://away.example* ]] || fail 'list names what was replaced'
equal 0 "$(items server https://away.example)" 'items of what was locked'

# --- a keyring that does not store what it says: the old ones stay
stop_keyring
forget_vault
start_fake --item '{"server": "https://fake.example", "username": "ada", "secret": "old"}'
store fake.example bob new
has https://fake.example bob new
stop_fake

# --- two at once, of one registry: one is left, and answers for both
start_keyring pw1
for ((round = 0; round < 8; round++)); do
  pids=()
  for server in both.example https://both.example; do
    credential "$server" "u$round" "of $server" >"$LAB/request.${server//[:\/]/_}"
    timeout -k 5 "$LIMIT" docker-credential-keyring store <"$LAB/request.${server//[:\/]/_}" >"$LAB/answer" 2>&1 &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || fail "round $round: $(<"$LAB/answer")"; done
  call get both.example
  equal 0 "$STATUS" "round $round: exit of get"
  equal "u$round" "$(jq -r .Username "$LAB/out")" "round $round: user"
  bare=$OUT
  call get https://both.example
  equal "$(jq .Secret <<<"$bare")" "$(jq .Secret "$LAB/out")" "round $round: the other spelling"
done
