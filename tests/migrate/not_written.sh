#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Files that are not ours to write: of docker's snap by whatever path, of another program, or mistyped;
# and a migration that ends with 1 has changed nothing.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
LOGINS="{\"auths\":{$(login reg.example ada secret-of-ada)}}"

# --- docker's snap: the folder is a link into it, the file alone is one, a name leads there
snap=$HOME/snap/docker/2285/.docker
mkdir -p "$snap"
ln -s 2285 "$HOME/snap/docker/current"
config "$LOGINS" "$snap/config.json"
stays_in_snap() {
  migrate "$@"
  exits 3 "the snap's file, ${*:-by default}"
  tells reg.example kept "docker's snap" 'in plaintext'
  keeps "$snap/config.json"
  nothing_stored
}
rm -rf "$HOME/.docker"
ln -s snap/docker/current/.docker "$HOME/.docker"
stays_in_snap
stays_in_snap --config "$snap"
DOCKER_CONFIG=$HOME/snap/docker/current/.docker stays_in_snap
run docker-credential-keyring doctor
exits 1 'doctor of the snap'
says "docker's snap"
says_not 'lie in plaintext'
rm "$HOME/.docker"
mkdir -m 0700 "$HOME/.docker"
ln -s "$snap/config.json" "$CONFIG"
stays_in_snap
rm "$CONFIG"
rm -r "$HOME/snap"

# --- another program's document, and nothing at all
for text in '{"registry-mirrors":["https://m.example"]}' '{"name":"app","dependencies":{}}'; do
  config "$text" "$HOME/daemon.json"
  migrate --config "$HOME/daemon.json"
  exits 1 "$text"
  says "daemon.json is not docker's" 'nothing was changed'
  keeps "$HOME/daemon.json"
done
migrate --config "$HOME/no/such.json"
exits 1 'a name that was mistyped'
says 'no such file or folder'
[[ ! -e $HOME/no ]] || fail 'expected no folder to be made'
for text in '' '{}' '{"psFormat":"x"}'; do
  config "$text" "$HOME/given.json"
  migrate --config "$HOME/given.json"
  exits 0 "a config.json: $text"
done

# --- another helper is asked for everything, and nothing moves: exit 1, and podman goes on as before
rm "$DROP_IN"
auth_file '{"auths":{}}'
config '{"auths":{"reg.example":{}},"credsStore":"pass"}'
migrate
exits 1 'another helper'
keeps
asks_nobody
migrate --dry-run
exits 1 'another helper, --dry-run'
