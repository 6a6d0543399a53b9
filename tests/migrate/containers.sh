#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The logins of podman, skopeo and buildah: what a helper can hold moves out of their files, the tools
# ask the helper from then on, and skopeo, the real one, finds every login as before.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session

begin() {
  forget_all
  rm -rf "$HOME/.config/containers" "${AUTH_FILE%/*}" "$CONFIG"
}

# --- both files of theirs, and docker's
begin
hub=https://index.docker.io/v1/
config "{\"auths\":{$(login "$hub" hub secret-of-hub),$(login d.example dan secret-of-dan)}}"
auth_file "{\"auths\":{$(login run.example ada secret-of-ada)}}"
auth_file "{\"auths\":{$(login last.example bob secret-of-bob)}}" "$LASTING_FILE"
migrate --dry-run
exits 0 --dry-run
tells run.example moved
tells last.example moved
says "${DROP_IN##*/}" 'would ask keyring'
asks_nobody
keeps "$LASTING_FILE" --dry-run
nothing_stored --dry-run
migrate
exits 0
for server in run.example last.example d.example; do tells "$server" moved; done
says 'lost at logout' 'skopeo and buildah ask keyring'
asks keyring
becomes '{"auths":{}}' "$AUTH_FILE"
becomes '{"auths":{}}' "$LASTING_FILE"
equal null "$(jq -c .credHelpers "$CONFIG")" 'credHelpers of docker'
no_plaintext
finds run.example ada
finds last.example bob
finds d.example dan
# Docker Hub under their name for it, and under docker's own.
finds docker.io hub
has "$hub" hub secret-of-hub
finds stranger.example
migrate
exits 0 'second run'
says 'nothing to do'
equal '' "$ERR" 'stderr of the second run'
migrate --json
reports .drop_in.status unchanged
reports '.drop_in.helpers | join(" ")' keyring
reports '.files | length' 3

# --- Docker Hub as they spell it, for docker
begin
auth_file "{\"auths\":{$(login docker.io hub secret-of-hub)}}"
migrate
exits 0 'Docker Hub'
finds docker.io hub
has "$hub" hub secret-of-hub

# --- a part of a registry stays, is named, and works, by the files behind us
begin
auth_file "{\"auths\":{$(login quay.example/org eve secret-of-eve),$(login h.example ada secret-of-ada)}}"
migrate
exits 3 'a part of a registry'
tells quay.example/org kept 'part of a registry'
tells h.example moved
says 'the files are asked too, for quay.example/org' 'becomes plaintext'
asks keyring containers-auth.json
equal "{$(login quay.example/org eve secret-of-eve)}" "$(jq -c .auths "$AUTH_FILE")" auths
finds quay.example/org eve
finds h.example ada
# A login for the whole registry hides it: said, each time.
store quay.example whole secret-of-whole
migrate
exits 3 'a hidden part'
says 'goes before the one of quay.example/org'
finds quay.example/org whole
# It goes: the list needs the files no more.
erase quay.example
skopeo logout quay.example/org >"$LAB/noise"
migrate
exits 0 'no part any more'
asks keyring
says_not plaintext
finds quay.example/org

# --- a part has another login than its registry: each image goes on to get what it got
part="{\"auths\":{$(login quay.example/org eve secret-of-eve),$(login quay.example ada secret-of-ada)}}"
for file in "$AUTH_FILE" "$CONFIG"; do
  begin
  auth_file "$part" "$file"
  finds quay.example/org eve
  finds quay.example ada
  migrate --dry-run
  says 'would ask containers-auth.json, then keyring'
  migrate
  exits 3 "a part with a login of its own, ${file##*/}"
  tells quay.example/org kept 'part of a registry'
  tells quay.example moved
  says 'stored one of the registry: quay.example/org, in' 'a new login by these tools becomes plaintext'
  asks containers-auth.json keyring
  finds quay.example/org eve
  finds quay.example/other/image ada
  migrate
  exits 3 'the same again'
  asks containers-auth.json keyring
  finds quay.example/org eve
  # It goes: we are asked first.
  jq -c 'del(.auths["quay.example/org"])' "$file" >"$LAB/without"
  cp "$LAB/without" "$file"
  migrate
  exits 0 'no such part any more'
  asks keyring
  finds quay.example/org ada
done

# --- docker's config.json has such a part, which they read there
begin
config "{\"auths\":{$(login quay.example/org eve secret-of-eve),$(login h.example ada secret-of-ada)}}"
migrate
exits 3 "a part in docker's file"
tells quay.example/org kept
asks keyring containers-auth.json
finds quay.example/org eve
finds h.example ada

# --- another helper for one host, in a file that they read
# shellcheck disable=SC2016
printf '#!/bin/sh\nread -r s\necho "{\\"ServerURL\\":\\"$s\\",\\"Username\\":\\"other\\",\\"Secret\\":\\"x\\"}"\n' \
  >"$LAB/bin/docker-credential-other"
chmod 0755 "$LAB/bin/docker-credential-other"
begin
auth_file "{\"auths\":{$(login h.example ada secret-of-ada),$(login o.example bob secret-of-bob)},\"credHelpers\":{\"o.example\":\"other\"}}"
migrate
exits 3 'another helper'
tells o.example kept other
asks keyring containers-auth.json
says 'of the helper other'
finds o.example other
finds h.example ada

# --- two of their files, or one of docker's, differ: each tool goes on to find its own, and it is said
begin
config "{\"auths\":{$(login h.example dan secret-of-dan)}}"
auth_file "{\"auths\":{$(login h.example ada secret-of-ada)}}"
migrate
exits 3 'two differ'
tells_two=$(grep -c ' h.example ' "$LAB/out")
equal 2 "$tells_two" 'lines that name h.example'
says 'another file has another login' 'stored one of the registry: h.example, in'
keeps "$AUTH_FILE"
finds h.example ada
has h.example dan secret-of-dan
migrate --replace
exits 0 'two differ, --replace'
becomes '{"auths":{}}' "$AUTH_FILE"
has h.example ada secret-of-ada
finds h.example ada

# --- bytes: everything but the entry
begin
auth_file "{ \"x\" : [1.50],
  \"auths\":{  \"a.example\":{\"auth\":\"$(auth ada secret-of-ada)\"} ,\"b.example\" : {} },\"y\":\"<é>\" }
"
migrate
exits 0 bytes
becomes '{ "x" : [1.50],
  "auths":{  "b.example" : {} },"y":"<é>" }
' "$AUTH_FILE"

# --- not JSON: refused, and nothing happens
for text in '{"auths":' '[]' '{"auths":{},"auths":{}}' $'\xef\xbb\xbf{}'; do
  begin
  auth_file "$text"
  FILE=$AUTH_FILE
  migrate
  refused "auth.json: $text"
  says auth.json
  asks_nobody
  unset FILE
done

# --- REGISTRY_AUTH_FILE, whatever its name
begin
auth_file "{\"auths\":{$(login h.example ada secret-of-ada)}}" "$HOME/mine.txt"
REGISTRY_AUTH_FILE=$HOME/mine.txt migrate
exits 0 REGISTRY_AUTH_FILE
becomes '{"auths":{}}' "$HOME/mine.txt"
REGISTRY_AUTH_FILE=$HOME/mine.txt finds h.example ada
# Docker's own file by that variable is docker's.
begin
config "{\"auths\":{$(login h.example ada secret-of-ada)}}"
REGISTRY_AUTH_FILE=$CONFIG migrate
exits 0 'REGISTRY_AUTH_FILE is config.json'
equal 1 "$(grep -c "^~${CONFIG#"$HOME"}$" "$LAB/out")" 'times that config.json is named'
becomes '{"auths":{"h.example":{}},"credsStore":"keyring"}'
REGISTRY_AUTH_FILE=$CONFIG finds h.example ada

# Where it is set, the file in the runtime folder is not read.
begin
auth_file "{\"auths\":{$(login h.example ada secret-of-ada)}}"
auth_file "{\"auths\":{$(login h.example bob secret-of-bob)}}" "$LASTING_FILE"
auth_file '{}' "$HOME/mine.txt"
export REGISTRY_AUTH_FILE=$HOME/mine.txt
finds h.example bob
migrate
exits 3 'REGISTRY_AUTH_FILE, and two others that differ'
finds h.example bob
unset REGISTRY_AUTH_FILE
rm "$HOME/mine.txt"

# --- DOCKER_CONFIG and XDG_CONFIG_HOME set
begin
mkdir "$HOME/set"
config "{\"auths\":{$(login h.example ada secret-of-ada)}}" "$HOME/set/config.json"
auth_file "{\"auths\":{$(login x.example bob secret-of-bob)}}" "$HOME/xdg/containers/auth.json"
export DOCKER_CONFIG=$HOME/set XDG_CONFIG_HOME=$HOME/xdg
migrate
exits 0 DOCKER_CONFIG
asks keyring
finds h.example ada
finds x.example bob
becomes '{"auths":{}}' "$HOME/xdg/containers/auth.json"
unset DOCKER_CONFIG XDG_CONFIG_HOME

# --- --config: one of theirs by its path; one of docker's that they do not read
begin
auth_file "{\"auths\":{$(login h.example ada secret-of-ada)}}"
auth_file "{\"auths\":{$(login l.example bob secret-of-bob)}}" "$LASTING_FILE"
migrate --config "$AUTH_FILE"
exits 0 --config
asks keyring containers-auth.json
says 'l.example'
keeps "$LASTING_FILE"
finds h.example ada
finds l.example bob
begin
config "{\"auths\":{$(login h.example ada secret-of-ada)}}" "$HOME/set/config.json"
migrate --config "$HOME/set"
exits 0 'a file elsewhere'
asks_nobody
says_not podman

# --- the way back: restore of all takes our drop-in away, and skopeo reads docker's file again
restore() { run docker-credential-keyring restore "$@"; }
back() {
  begin
  config '{}'
  helpers_file 'credential-helpers = ["other"]' "${DROP_IN%/*}/50-mine.conf"
  auth_file "{\"auths\":{$(login h.example ada secret-of-ada)}}"
  migrate
  exits 0 'before the way back'
  asks keyring other
}
back
: >"$LAB/secrets" # plaintext is what is wanted
restore --yes h.example
exits 0 'restore of one'
asks keyring other
restore --yes --config "$HOME/set"
exits 0 'restore into a file elsewhere'
asks keyring other
restore --yes
exits 0 'restore of all'
says "removed $DROP_IN"
asks_nobody
equal 'credential-helpers = ["other"]' "$(<"${DROP_IN%/*}/50-mine.conf")" 50-mine.conf
rm "${DROP_IN%/*}/50-mine.conf"
finds h.example ada
restore --yes
exits 0 'restore again'
says_not removed
# The set-up alone: the logins stay in the store.
back
: >"$LAB/secrets"
restore --setup-only
exits 0 --setup-only
asks_nobody
has h.example ada secret-of-ada
# A file of somebody else's in that place is not ours to remove.
printf '# mine\n' >"$DROP_IN"
restore --setup-only
equal '# mine' "$(<"$DROP_IN")" 'what is not ours'
