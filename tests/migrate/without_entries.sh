#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# No file, an empty one, no entries: docker is told to ask the keyring, and no more.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session

# --- no file, no folder
rm -rf "$HOME/.docker"
(umask 022 && migrate) || fail 'no file'
migrate
exits 0 'second run'
says 'nothing to do'
equal keyring "$(jq -r .credsStore "$CONFIG")" credsStore
equal '["credsStore"]' "$(jq -c keys "$CONFIG")" 'keys'
equal 600 "$(stat -c %a "$CONFIG")" 'mode of the new file'
equal 700 "$(stat -c %a "$HOME/.docker")" 'mode of the new folder'
alone
says_not '"pass"'

# --- a folder without a file, whatever the umask
rm -f "$CONFIG"
(umask 0 && migrate)
equal 600 "$(stat -c %a "$CONFIG")" 'mode of the new file'

# --- folders above it
DOCKER_CONFIG=$HOME/deep/er/.docker migrate
exits 0 'deep folder'
equal keyring "$(jq -r .credsStore "$HOME/deep/er/.docker/config.json")" credsStore
equal 700 "$(stat -c %a "$HOME/deep/er")" 'mode of a new folder'

# --- texts without entries
for text in '' $'\n' '{}' $'{ }\n' '{"auths":{}}' '{"auths": null}' '{"credsStore": ""}' \
  '{"credHelpers":{}}' $'{\n\t"detachKeys": "ctrl-e,e"\n}'; do
  config "$text"
  migrate
  exits 0 "«$text»"
  equal keyring "$(jq -r .credsStore "$CONFIG")" "credsStore in «$text»"
  if [[ $text == *detachKeys* ]]; then equal ctrl-e,e "$(jq -r .detachKeys "$CONFIG")" detachKeys; fi
  cp "$CONFIG" "$LAB/before"
  migrate
  exits 0 "«$text» again"
  says 'nothing to do'
  keeps
done
config '{"auths":{"h.example":{}}}'
migrate
becomes '{"auths":{"h.example":{}},"credsStore":"keyring"}'
nothing_stored

# --- where `pass` is installed, docker would have chosen it by itself
printf '#!/bin/sh\nexit 1\n' >"$LAB/bin/pass"
chmod 0755 "$LAB/bin/pass"
rm -f "$CONFIG"
migrate
exits 0 'pass is installed'
says 'pass'
equal keyring "$(jq -r .credsStore "$CONFIG")" credsStore
