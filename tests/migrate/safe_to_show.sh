#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Names of files, servers and users may come from anybody: what would steer the terminal of who reads
# of them does not reach it, in tables, warnings and documents.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session

folder="$HOME/config $cruel"
mkdir -m 0700 "$folder"
config "{\"auths\":{$(login h.example ada word-one)}}" "$folder/config.json"
cp -p "$folder/config.json" "$folder/config.json.bak"

# --- a file's name, in the table, in the warnings, and in the document
migrate --dry-run --config "$folder"
exits 0 'dry run'
says "config ?[31m?2J??/config.json"
steers_nothing 'dry run'
migrate --dry-run --json --config "$folder"
exits 0 'as JSON'
steers_nothing 'as JSON'
jq -e --arg file "$folder/config.json" '.files[0].file == $file' "$LAB/out" >/dev/null ||
  fail "expected the name as it is in the document, got $(clip "$LAB/out")"
migrate --config "$folder"
exits 0 'migrate'
says "warning: $HOME/config ?[31m?2J??/config.json.bak"
steers_nothing 'migrate'
docker-credential-keyring restore --yes --config "$folder" >"$LAB/out" 2>"$LAB/err" ||
  fail "restore: $(clip "$LAB/err")"
steers_nothing 'restore'

# --- a server's and a user's
rm "$folder/config.json.bak"
config "{\"auths\":{\"h\\u009b2J.example\":{\"auth\":\"$(auth $'a\u202eda' word-two)\"}}}"
migrate
exits 0 'names'
says 'h?2J.example'
steers_nothing 'names'

# --- an option's value
migrate "--confi$cruel"
exits 2 'an option that there is not'
steers_nothing 'an option that there is not'
config '[' "$folder/config.json"
migrate --config "$folder"
steers_nothing 'a file that is no JSON'
