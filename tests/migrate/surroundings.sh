#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What spoils the work from outside is said, and left alone: plaintext copies beside config.json, a
# variable that docker takes over the keyring, a keyring without a password, docker's snap.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
text="{\"auths\":{$(login h.example ada secret-of-ada)}}"

# --- in good order there is nothing to say
config "$text"
migrate
exits 0
equal '' "$ERR" stderr

# --- leftovers of docker and of people, with logins
forget_all
config "$text"
for name in config.json123456 config.json.bak config.json~ config.json.orig; do
  printf %s "$text" >"$HOME/.docker/$name"
done
printf '%.40s' "$text" >"$HOME/.docker/config.json777" # half a file
printf '{"auths":{"h.example":{}}}' >"$HOME/.docker/config.json888"
printf 'no JSON' >"$HOME/.docker/config.json.note"
mkdir "$HOME/.docker/config.json.d"
mkfifo "$HOME/.docker/config.json.fifo"
leftovers() { find "$HOME/.docker" -name 'config.json?*' -printf '%p %y %m %s %T@\n' | sort; }
leftovers >"$LAB/listed"
for option in --dry-run --replace; do
  migrate "$option"
  exits 0 "leftovers, $option"
  says config.json123456 config.json.bak config.json~ config.json.orig config.json777
  says_not config.json888 config.json.note config.json.d config.json.fifo
  leftovers >"$LAB/listed.after"
  same_file "$LAB/listed" "$LAB/listed.after" 'leftovers'
done
migrate --json
exits 0 'leftovers, second run'
[[ $ERR == *config.json123456* ]] || fail 'expected the leftovers to be named again'
jq empty "$LAB/out"
rm -rf "$HOME/.docker"
mkdir -m 0700 "$HOME/.docker"

# --- other names of config.json, which keep what it was
forget_all
config "$text"
ln "$CONFIG" "$HOME/linked"
number=$(stat -c %i "$CONFIG")
migrate
exits 0 'a hard link'
[[ $ERR == *"other names (hard links)"*"-inum $number"* ]] || fail "expected a warning of hard links: $ERR"
equal "$HOME/linked" "$(find "$HOME" -xdev -inum "$number")" 'what is found so'
rm "$HOME/linked"
config "$text"
migrate
equal '' "$ERR" 'stderr, without'

# --- DOCKER_AUTH_CONFIG
forget_all
config "$text"
secret secret-of-env
DOCKER_AUTH_CONFIG="{\"auths\":{\"h.example\":{\"auth\":\"$(auth env secret-of-env)\"}}}" migrate
exits 0 DOCKER_AUTH_CONFIG
[[ $ERR == *DOCKER_AUTH_CONFIG* ]] || fail 'expected a warning of DOCKER_AUTH_CONFIG'
has h.example ada secret-of-ada
DOCKER_AUTH_CONFIG='' migrate
says_not DOCKER_AUTH_CONFIG

# --- docker's snap has a config.json of its own
mkdir -p "$HOME/snap/docker/current/.docker"
printf %s "$text" >"$HOME/snap/docker/current/.docker/config.json"
migrate
says snap/docker/current/.docker/config.json
printf %s "$text" >"$LAB/wanted"
same_file "$LAB/wanted" "$HOME/snap/docker/current/.docker/config.json"
rm -rf "$HOME/snap"

# --- a keyring with an empty password lies in clear on the disk
migrate
says_not keyrings
stop_keyring
rm -rf "$HOME/.local/share/keyrings"
mkdir -p "$HOME/.local/share/keyrings"
keyring=$HOME/.local/share/keyrings/login.keyring
printf '[keyring]\ndisplay-name=Login\nctime=1\nmtime=1\nlock-on-idle=false\nlock-after=false\n' >"$keyring"
printf login >"${keyring%/*}/default"
chmod 0600 "$keyring" "${keyring%/*}/default"
start_keyring
config "$text"
migrate
exits 0 'a keyring with an empty password'
equal '[keyring]' "$(head -1 "$keyring")" 'the keyring on the disk'
grep -qF secret-of-ada "$keyring" || fail 'expected the keyring to hold its secrets in clear'
[[ $ERR == *"$keyring"* ]] || fail "expected a warning of $keyring"
has h.example ada secret-of-ada
migrate --json
jq empty "$LAB/out"
[[ $ERR == *"$keyring"* ]] || fail "expected a warning of $keyring with --json too"
