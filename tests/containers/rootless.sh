#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Rootless podman starts helpers inside its user namespace, as uid 0: login, push, pull and logout by a
# plain user, with the vault of that user.
export DOCKER=${DOCKER:-$(type -P docker)} # docker is not in it
. "${BASH_SOURCE[0]%/*}/containers_lab.sh" || exit 1
: "${HELPER:?the program under test}"

own_system
add_user ada 7001
echo 'ada:700000:65536' | tee /etc/subuid >/etc/subgid
seed_storage
password=$(new_secret)
start_password_registry ada "$password"
image=$REGISTRY/$IMAGE
WATCHED=("$HOME" "$LAB/ada" /run/user/7001)
watch "$password"

# rootless ARGUMENT…: podman as ada. rootless_fails: it must fail.
rootless() {
  rootless_status "$@" || fail "podman $1: exit $?: $(clip "$LAB/tool.out") $(clip "$LAB/tool.err")"
}
rootless_fails() {
  ! rootless_status "$@" || fail "podman $1: expected a failure"
}
rootless_status() {
  as_user ada podman --storage-driver vfs --cgroup-manager cgroupfs --events-backend file "$@" \
    >"$LAB/tool.out" 2>"$LAB/tool.err"
}
# A process holds its namespace for the next call; so this is the last. lab_end wants the story's own
# exit status.
rootless_end() {
  local status=$?
  trap - ERR
  rootless_status system migrate
  (exit "$status")
  lab_end
}
trap rootless_end EXIT

as_user ada docker-credential-keyring vault create --key-file "$LAB/ada/key" 2>"$LAB/noise" >&2
as_user ada docker-credential-keyring migrate >"$LAB/noise"
rootless info --format '{{.Host.Security.Rootless}}'
equal true "$(<"$LAB/tool.out")" 'podman is rootless'

rootless_fails pull --tls-verify=false "$image"
rootless login --tls-verify=false --username ada --password-stdin "$REGISTRY" <<<"$password"
equal "$password" "$(as_user ada docker-credential-keyring get <<<"$REGISTRY" | jq -r .Secret)" 'the secret in the vault'
rootless login --get-login "$REGISTRY"
equal ada "$(<"$LAB/tool.out")" 'podman login --get-login'
rootless pull --tls-verify=false "$image"
rootless tag "$image" "$REGISTRY/lab/rootless:1"
rootless push --tls-verify=false "$REGISTRY/lab/rootless:1"
rootless logout "$REGISTRY"
rootless_fails login --get-login "$REGISTRY"
equal '{}' "$(as_user ada docker-credential-keyring list)" 'the vault after logout'
seen_nothing
