#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# credHelpers names another helper: for a part of a registry, which podman's kin never look for, or for a
# host, which needs their files behind us. Doctor does not prescribe a migrate that changes nothing.
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

start_session
CONFIG=$HOME/.docker/config.json
mkdir "$HOME/.docker"
ln -s /bin/true "$LAB/bin/docker-credential-other"
login='{"auth":"YWRhOnMz"}'
drop_in=$HOME/.config/containers/registries.conf.d/99-docker-credential-keyring.conf

# asks LIST: whom these tools ask after a migrate; doctor has nothing of it to fix.
asks() {
  run docker-credential-keyring migrate
  equal "credential-helpers = [$1]" "$(tail -n 1 "$drop_in")" "${drop_in##*/}"
  run docker-credential-keyring doctor --json
  equal '' "$(jq -r '.findings[] | select(.id == "containers-fall-back" and .severity != "info") | .text' "$LAB/out")" doctor
}

echo "{\"auths\":{\"reg.example\":$login},\"credHelpers\":{\"reg.example/app\":\"other\",\"index.docker.io/team\":\"other\"}}" >"$CONFIG"
asks '"keyring"'
equal ada "$(skopeo login --get-login reg.example/app)" 'what skopeo finds'

echo "{\"auths\":{\"a.example\":$login,\"b.example\":$login},\"credHelpers\":{\"a.example\":\"other\"}}" >"$CONFIG"
asks '"keyring", "containers-auth.json"'

# --- docker's key of its Hub is none of theirs: they find what the file has
hub=https://index.docker.io/v1/
echo "{\"auths\":{\"$hub\":$login},\"credHelpers\":{\"$hub\":\"other\"}}" >"$CONFIG"
asks '"keyring", "containers-auth.json"'
equal ada "$(skopeo login --get-login docker.io)" 'what skopeo finds for the Hub'
