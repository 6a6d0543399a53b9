#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Lists of helpers that others have set up: they are kept behind ours, and named; where ours would not
# count, no login leaves the files that it would be looked for in. Skopeo is asked what it makes of it.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
folder=${DROP_IN%/*}
# shellcheck disable=SC2016
printf '#!/bin/sh\nread -r s\ncase $s in
p.example) echo "{\\"ServerURL\\":\\"$s\\",\\"Username\\":\\"other\\",\\"Secret\\":\\"x\\"}" ;;
*) echo "credentials not found in native keychain"; exit 1 ;;
esac\n' >"$LAB/bin/docker-credential-other"
chmod 0755 "$LAB/bin/docker-credential-other"

begin() {
  forget_all
  rm -rf "$HOME/.config/containers" "${AUTH_FILE%/*}"
  config '{}'
  auth_file "{\"auths\":{$(login h.example ada secret-of-ada)}}"
}

# --- another helper is asked behind us
begin
helpers_file 'credential-helpers = ["other", "containers-auth.json"]' "$folder/50-mine.conf"
finds p.example other
migrate
exits 0 'another helper'
asks keyring other
says 'keyring, then other'
equal 'credential-helpers = ["other", "containers-auth.json"]' "$(<"$folder/50-mine.conf")" 50-mine.conf
finds h.example ada
finds p.example other
migrate --json
reports '.drop_in.helpers | join(" ")' 'keyring other'
reports .drop_in.status unchanged

# --- so is one of the user's registries.conf
begin
helpers_file 'credential-helpers = ["other"]' "$HOME/.config/containers/registries.conf"
migrate
exits 0 registries.conf
asks keyring other
finds p.example other

# --- we are asked first already
begin
containers_ask_us
migrate
exits 0 'asked already'
asks_nobody
says 00-ours.conf
becomes '{"auths":{}}' "$AUTH_FILE"
finds h.example ada

# --- a list that is read later, without us: said, and the login stays where it is found
begin
helpers_file 'credential-helpers = ["containers-auth.json"]' "$folder/zz.conf"
migrate
exits 3 'a later list'
tells h.example kept zz.conf
says 'are not told to ask the keyring' 'take credential-helpers out of it'
asks_nobody
keeps "$AUTH_FILE"
finds h.example ada
migrate --json
reports .drop_in.status refused
# Done as it says, it works.
rm "$folder/zz.conf"
migrate
exits 0 'without the later list'
finds h.example ada

# --- a later list with us
begin
helpers_file 'credential-helpers = ["other", "keyring"]' "$folder/zz.conf"
migrate
exits 0 'a later list with us'
asks_nobody
says zz.conf 'a new login goes to other'
finds h.example ada

# --- what stops these tools, what is not ours, and a folder that they do not look into
begin
helpers_file 'credential-helpers = [' "$folder/50-mine.conf"
migrate
exits 3 'not TOML'
says 50-mine.conf fix
keeps "$AUTH_FILE"
begin
helpers_file 'unqualified-search-registries = []' "$DROP_IN"
migrate
exits 3 'not ours'
says 'not ours' 'move it away'
equal 'unqualified-search-registries = []' "$(<"$DROP_IN")" 'what is not ours'
keeps "$AUTH_FILE"
begin
mkdir -p "$HOME/elsewhere" "${folder%/*}"
ln -s "$HOME/elsewhere" "$folder"
migrate
exits 3 'a folder that is a link'
says 'symbolic link'
keeps "$AUTH_FILE"
finds h.example ada

# --- the folder cannot be made: named, and no login leaves its file
begin
mkdir -p "$HOME/.config"
printf 'a file\n' >"$HOME/.config/containers"
FILE=$AUTH_FILE
migrate
exits 3 'no folder'
says ' ~/.config/containers is in the way'
keeps "$AUTH_FILE"
nothing_stored 'no folder'
rm "$HOME/.config/containers"
