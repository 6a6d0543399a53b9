#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What doctor says of files, servers and helpers that bear cruel names does not steer the terminal.
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

start_session

export DOCKER_CONFIG="$HOME/docker $cruel"
CONFIG=$DOCKER_CONFIG/config.json
ours "$(login "h.example" ada word-one)"
chmod 644 "$CONFIG"
cp -p "$CONFIG" "$CONFIG.bak"
doctor
says 'docker ?[31m?2J??/config.json'
steers_nothing 'a file'
doctor --json
steers_nothing 'a file, as JSON'
jq -e --arg file "$CONFIG" '[.facts.files[].path] | index($file)' "$LAB/out" >/dev/null ||
  fail 'expected the name as it is in the document'

config '{"credsStore":"pass\u001b[31m","credHelpers":{"h\u009b.example":"p\u202e"}}'
doctor
steers_nothing 'helpers'

# --- settings that cannot be used, in a folder of such a name
export XDG_CONFIG_HOME="$HOME/xdg$cruel"
config '[' "$XDG_CONFIG_HOME/docker-credential-keyring/settings.json"
doctor
says 'xdg?[31m?2J??/docker-credential-keyring/settings.json'
steers_nothing 'settings'
run docker-credential-keyring list
steers_nothing 'settings, for docker'
