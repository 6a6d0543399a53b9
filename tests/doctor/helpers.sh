#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Helpers that files name: missing, or such that cannot be started, like the desktop.exe that WSL leaves.
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

start_session
watch_waits

# program NAME CONTENT
program() {
  printf %b "$2" >"$LAB/bin/docker-credential-$1"
  chmod 0755 "$LAB/bin/docker-credential-$1"
}

# --- missing: for every server, and for one
config '{
  "auths": {},
  "credsStore" : "desktop.exe"
}'
mended helper-missing problem desktop.exe "$CONFIG"
printf '{\n  "auths": {},\n  "credsStore" : "keyring"\n}' >"$LAB/expected"
same_file "$LAB/expected" "$CONFIG" 'config.json'
healthy 'desktop.exe'
config '{"credsStore":"keyring","credHelpers":{"reg.example:5000":"no.pe","other.example":"keyring"}}'
mended helper-missing problem reg.example:5000 no.pe
equal '{"other.example":"keyring"}' "$(jq -cS .credHelpers "$CONFIG")" credHelpers

# --- missing, and nobody else has its tokens: nothing of ours can be done about it
config '{"credsStore":"keyring","credHelpers":{"reg.example":"ecr-login"}}'
finds helper-missing problem ecr-login 'install it again'
equal '' "$(field helper-missing command)" 'the command'

# --- there, and dead
dead() {
  config "{\"auths\":{},\"credsStore\":\"$1\"}"
  mended helper-dead problem "$1" "${@:2}"
  healthy "$1"
}
program desktop.exe 'MZ\0220\0\003\0\0\0'
dead desktop.exe 'cannot be started'
program lost '#!/nonexistent/interpreter\n'
dead lost 'cannot be started'
program empty '#!/bin/sh\nexec /nonexistent/program\n'
dead empty
program shot '#!/bin/sh\nkill -SEGV $$\n'
dead shot signal
program slow '#!/bin/sh\nexec sleep 300\n'
dead slow 'does not answer'
waited_at_most 2500 'a helper that hangs'
program unfit ''
chmod 0644 "$LAB/bin/docker-credential-unfit"
config '{"auths":{},"credsStore":"unfit"}'
mended helper-missing problem unfit

# --- many that hang do not add up
for name in one two three four five six; do program "$name" '#!/bin/sh\nexec sleep 300\n'; done
config '{"credsStore":"keyring","credHelpers":{"1":"one","2":"two","3":"three","4":"four","5":"five","6":"six"}}'
finds helper-dead problem
waited_at_most 3500 'six helpers that hang'

# --- alive, whatever it thinks of "version"
program old '#!/bin/sh\necho unknown action\nexit 1\n'
config '{"auths":{},"credsStore":"old"}'
healthy 'an old helper'

# --- dead, with logins in the file: both findings, and both commands
config "{\"auths\":{$(login a.example ada word-one)},\"credsStore\":\"desktop.exe\"}"
mended plaintext-shadowed warning a.example
has a.example ada word-one
healthy 'a dead helper over logins'

# --- ours, under another name: for all servers, and for one
ln -s docker-credential-keyring "$LAB/bin/docker-credential-secretservice"
config '{"auths":{"a.example":{}},"credsStore":"secretservice"}'
mended helper-renamed warning docker-credential-secretservice 'every server'
equal keyring "$(jq -r .credsStore "$CONFIG")" credsStore
has a.example ada word-one
config '{"auths":{},"credsStore":"keyring","credHelpers":{"a.example":"secretservice"}}'
mended helper-renamed warning a.example
equal null "$(jq -c .credHelpers "$CONFIG")" credHelpers
mkdir -p "$HOME/.config/containers"
echo '{"credHelpers":{"a.example":"secretservice"}}' >"$HOME/.config/containers/auth.json"
mended helper-renamed warning a.example auth.json
equal keyring "$(jq -r '.credHelpers."a.example"' "$HOME/.config/containers/auth.json")" 'credHelpers of auth.json'
mkdir "$LAB/bin/docker-credential-a"
ln -s ../docker-credential-keyring "$LAB/bin/docker-credential-a/b"
config '{"auths":{},"credsStore":"a/b"}'
finds helper-missing problem a/b
finds_not helper-renamed
