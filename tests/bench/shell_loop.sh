#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What somebody careful writes where there is no `migrate`: every login of docker's config.json goes to
# the official helper and is read back; only then the file loses them, in one step. It is written to be
# quick: jq reads the file once, and the helper runs twice a login. No secret gets into an argument.
set -euo pipefail

helper=docker-credential-secretservice
config=${DOCKER_CONFIG:-$HOME/.docker}/config.json

moved=0
while IFS= read -r server && IFS= read -r login; do
  "$helper" store <<<"$login"
  [[ $("$helper" get <<<"$server") == "$login" ]] || {
    echo "$server was not read back as it was stored" >&2
    exit 1
  }
  moved=$((moved + 1))
done < <(jq -r '.auths | to_entries[] | (.value.auth | @base64d | split(":")) as [$user] | .key,
  ({ServerURL: .key, Username: $user, Secret: (.value.auth | @base64d | ltrimstr($user + ":"))} | tojson)' "$config")
[[ $moved == "$(jq '.auths | length' "$config")" ]]

new=$(umask 077 && mktemp "$config.XXXXXX")
jq '.auths[] = {} | .credsStore = "secretservice"' "$config" >"$new"
sync "$new"
mv "$new" "$config"
echo "$moved logins moved"
