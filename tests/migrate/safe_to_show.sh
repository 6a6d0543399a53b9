#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Names of files, servers and users may come from anybody: what would steer the terminal of who reads
# of them does not reach it, in tables, warnings and documents.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
cruel=$'\e[31m\u009b2J\u202e\x7f' # a colour, C1's "clear all", a turned line, DEL

# shown WHAT: neither output has a character of those, and a document says each.
shown() {
  local file
  for file in "$LAB/out" "$LAB/err"; do
    if LC_ALL=C grep -qP '\x1b|\xc2\x9b|\xe2\x80\xae|\x7f' "$file"; then
      fail "$1: what steers a terminal is in ${file##*/}: $(cat -v "$file")"
    fi
  done
}

folder="$HOME/config $cruel"
mkdir -m 0700 "$folder"
config "{\"auths\":{$(login h.example ada word-one)}}" "$folder/config.json"
cp -p "$folder/config.json" "$folder/config.json.bak"

# --- a file's name, in the table, in the warnings, and in the document
migrate --dry-run --config "$folder"
exits 0 'dry run'
says "config ?[31m?2J??/config.json"
shown 'dry run'
migrate --dry-run --json --config "$folder"
exits 0 'as JSON'
shown 'as JSON'
jq -e --arg file "$folder/config.json" '.files[0].file == $file' "$LAB/out" >/dev/null ||
  fail "expected the name as it is in the document, got $(clip "$LAB/out")"
migrate --config "$folder"
exits 0 'migrate'
says "warning: $HOME/config ?[31m?2J??/config.json.bak"
shown 'migrate'
docker-credential-keyring restore --yes --config "$folder" >"$LAB/out" 2>"$LAB/err" ||
  fail "restore: $(clip "$LAB/err")"
shown 'restore'

# --- a server's and a user's
rm "$folder/config.json.bak"
config "{\"auths\":{\"h\\u009b2J.example\":{\"auth\":\"$(auth $'a\u202eda' word-two)\"}}}"
migrate
exits 0 'names'
says 'h?2J.example'
shown 'names'

# --- an option's value
migrate "--confi$cruel"
exits 2 'an option that there is not'
shown 'an option that there is not'
config '[' "$folder/config.json"
migrate --config "$folder"
shown 'a file that is no JSON'
