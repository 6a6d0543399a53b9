#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# config.json is a link to where nobody may write, as a system that is described by files has it: that is
# told by what it is, and no cure is named that cannot work there.
if [[ -z ${OWN_MOUNTS:-} ]]; then
  as=(--map-root-user)
  ((EUID)) || as=()
  OWN_MOUNTS=1 exec unshare "${as[@]}" --mount --propagation private bash "$0"
fi
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

start_session
CONFIG=$HOME/.docker/config.json
mkdir -m 0700 "$HOME/.docker" "$LAB/store"
mount -t tmpfs none "$LAB/store"
unmount_and_end() {
  local status=$?
  set +e
  trap - ERR
  umount "$LAB/store"
  (exit "$status")
  vault_lab_end
}
trap unmount_and_end EXIT
text='{"auths":{"reg.example":{"auth":"YWRhOnMz"}}}'
printf %s "$text" >"$LAB/store/config.json"
chmod 0444 "$LAB/store/config.json"
mount -o remount,ro "$LAB/store"
ln -s "$LAB/store/config.json" "$CONFIG"

run docker-credential-keyring migrate
exits 1 migrate
says "$LAB/store" 'read-only here'
says_not chmod
equal "$text" "$(<"$CONFIG")" 'config.json'
lists '{}'
[[ -L $CONFIG ]] || fail 'expected the link to stay'

run docker-credential-keyring doctor --json
equal "$LAB/store is read-only here" \
  "$(jq -r '.findings[] | select(.id == "config-read-only") | .text' "$LAB/out" | grep -o '^.* here')" doctor
equal '[]' "$(jq -c '[.findings[] | select(.id == "config-open" or .id == "plaintext-logins") | .command] - [""]' \
  "$LAB/out")" 'cures that cannot work'
