#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a person reads on docker's stderr, by the real client and engine, where a store is locked or
# missing: stderr.txt has all of it, line for line. A public image is pulled without a word.
. "${BASH_SOURCE[0]%/*}/lab/registry.sh" || exit 1
: "${HELPER:?the program under test}"

seed_storage
password=$(new_secret)
start_password_registry ada "$password"
private=$REGISTRY
start_registry
public=$REGISTRY
start_engine
engine=$STARTED
docker pull "$public/$IMAGE"

mkdir "$HOME/.docker" "$LAB/tmp/build"
echo '{"credsStore": "keyring"}' >"$HOME/.docker/config.json"
printf 'FROM %s\nCOPY news /news\n' "$private/$IMAGE" >"$LAB/tmp/build/Dockerfile"
echo news >"$LAB/tmp/build/news"
printf %s "$password" >"$LAB/docker.in"
: >"$LAB/transcript"

# shown: of stderr, what is ours or quotes us, with names in the place of what differs each time. docker
# itself says more, each release in its own words.
shown() {
  sed -nE '/^WARNING! Your/d; /docker-credential-keyring|redential/p' "$LAB/docker.err" | tr -d '\r' |
    sed "s|$private|PRIVATE|g; s|$public|PUBLIC|g; s|$LAB/home|~|g; s|$LAB/run|RUNTIME|g; s|$LAB/bus|RUNTIME/bus|g"
}

# tells COMMAND…: one more call of docker, by $HOW.
tells() {
  local status=0
  rm -f "$HOME"/.local/share/docker-credential-keyring/prompt.lock # a refusal counts for two seconds
  timeout -k 5 "$LIMIT" "${HOW[@]}" env PATH="$LAB/bin" docker "$@" >"$LAB/docker.out" 2>"$LAB/docker.err" \
    <"$LAB/docker.in" || status=$?
  {
    echo "\$ docker ${*}" | sed "s|$private|PRIVATE|g; s|$public|PUBLIC|g; s|$LAB/tmp/||"
    shown
  } >>"$LAB/transcript"
  [[ $1 != pull || $2 != "$public"* ]] || equal 0 "$status" 'exit of the pull of a public image'
}

# tells_all STATE: each of docker's commands that asks us.
tells_all() {
  printf '\n== %s\n' "$1" >>"$LAB/transcript"
  tells pull "$private/$IMAGE"
  tells pull "$public/$IMAGE"
  DOCKER_BUILDKIT=0 tells build --quiet "$LAB/tmp/build"
  tells login --username ada --password-stdin "$private"
  tells logout "$private"
}

UNATTENDED=(setsid --wait)
# At a terminal, where somebody ends each question without an answer.
TERMINAL=(/usr/bin/python3 "$LAB_SOURCE/at_terminal.py" --limit "$LIMIT" --in "$LAB/docker.in"
  --out "$LAB/docker.out" --err "$LAB/docker.err" --may-end)
for _ in {1..6}; do TERMINAL+=(--answer ''); done
TERMINAL+=(--)

HOW=("${UNATTENDED[@]}")
tells_all 'no store at all, and nothing known'

# --- the keyring
start_session
login "$private" ada "$password"
lists "{\"$private\": \"ada\"}"
lock_cold
tells_all 'the keyring is locked, and nobody is at its desktop'
stop_keyring
end_process "$BUS_PID"
tells_all 'the keyring has it, and is not there'
unset DBUS_SESSION_BUS_ADDRESS
rm -rf "$HOME/.local"

# --- the vault
vault() { docker-credential-keyring vault "$@" >"$LAB/out" 2>&1 || fail "vault $1: $(<"$LAB/out")"; }
vault create --key-file "$HOME/key"
login "$private" ada "$password"
mv "$HOME/key" "$HOME/key.away"
tells_all 'the key file of the vault is gone'
mv "$HOME/key.away" "$HOME/key"
/usr/bin/python3 "$LAB_SOURCE/at_terminal.py" --limit "$LIMIT" --answer 'pass one' --answer 'pass one' -- \
  docker-credential-keyring vault key add --passphrase || fail 'vault key add'
key_file_slot=$(docker-credential-keyring vault status --json | jq -r '.ways[] | select(.kind == "key-file") | .id')
/usr/bin/python3 "$LAB_SOURCE/at_terminal.py" --limit "$LIMIT" --may-end --answer 'pass one' -- \
  docker-credential-keyring vault key remove "$key_file_slot" || fail 'vault key remove'
vault lock
tells_all 'the vault is locked, and nobody is there, as in cron'
HOW=("${TERMINAL[@]}")
tells_all 'the vault is locked, at a terminal, and no passphrase is given'
SSH_CONNECTION='127.0.0.1 1 127.0.0.1 22' SSH_TTY=/dev/pts/0 \
  tells_all 'the vault is locked, over SSH, and no passphrase is given'

tail -n +2 "$LAB/transcript" >"$LAB/shown"
diff -u "${BASH_SOURCE[0]%.sh}.txt" "$LAB/shown" >&2 || fail 'docker shows something else'
STARTED=$engine
stop_engine
