#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Where docker is neither installed nor has a folder, restore makes none: what came from no known file
# goes into the auth.json of podman's family.
. "${BASH_SOURCE[0]%/*}/../migrate/migrate_lab.sh" || exit 1

start_session
PATH=$LAB/bin:/usr/bin:/bin
# All programs of this machine but docker; also without root.
as=()
((EUID == 0)) || as=(--map-root-user)
# shellcheck disable=SC2016
restore_without_docker() {
  run unshare "${as[@]}" --mount --propagation private bash -ec '
    mkdir -p "$LAB/real" "$LAB/fewer"
    mount --bind /usr/bin "$LAB/real"
    cp -rs "$LAB/real/." "$LAB/fewer"
    rm -f "$LAB/fewer/docker"
    mount --bind "$LAB/fewer" /usr/bin
    exec docker-credential-keyring restore "$@"' restore "$@"
  rm -rf "$LAB/real" "$LAB/fewer"
}

rmdir "$HOME/.docker"
restore_without_docker --setup-only
exits 0 '--setup-only, no docker'
says 'nothing to do'
store n.example nan secret-of-nan
restore_without_docker --yes
exits 0 'no docker'
equal nan:secret-of-nan "$(jq -r '.auths["n.example"].auth|@base64d' "$LASTING_FILE")" auth.json
[[ ! -e $HOME/.docker ]] || fail 'a folder of docker was made'

# --- with it, its own file is made
rm -r "${LASTING_FILE%/*}"
run docker-credential-keyring restore --yes
exits 0 docker
equal nan:secret-of-nan "$(jq -r '.auths["n.example"].auth|@base64d' "$CONFIG")" config.json
[[ ! -e $LASTING_FILE ]] || fail 'an auth.json was made'
