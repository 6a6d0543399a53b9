#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Where neither podman nor skopeo nor buildah is installed, nothing is set up for them; unless they
# have left files.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
# All programs of this machine but theirs; also without root.
# shellcheck disable=SC2016
without_them='
  mkdir "$LAB/real" "$LAB/fewer"
  mount --bind /usr/bin "$LAB/real"
  cp -rs "$LAB/real/." "$LAB/fewer"
  rm -f "$LAB/fewer/podman" "$LAB/fewer/skopeo" "$LAB/fewer/buildah"
  mount --bind "$LAB/fewer" /usr/bin'

config "{\"auths\":{$(login h.example ada secret-of-ada)}}"
with_mounts "$without_them"
exits 0
says_not podman containers
equal '' "$(find "$HOME/.config" -path '*containers*' -print)" 'what was set up'
becomes '{"auths":{"h.example":{}},"credsStore":"keyring"}'
rm -rf "$LAB/real" "$LAB/fewer"

# --- not in --json, nor by a dry run
with_mounts "$without_them" --json --dry-run
exits 0 --json
reports 'keys | join(" ")' 'dry_run files version'
rm -rf "$LAB/real" "$LAB/fewer"

# --- where they are here and docker is not, docker gets no file
# shellcheck disable=SC2016
without_docker='
  mkdir -p "$LAB/real" "$LAB/fewer" "$LAB/none"
  mount --bind /usr/bin "$LAB/real"
  cp -rs "$LAB/real/." "$LAB/fewer"
  rm -f "$LAB/fewer/docker"
  mount --bind "$LAB/fewer" /usr/bin
  mount --bind "$LAB/none" /usr/local/bin
  rmdir "$HOME/.docker"'
rm -rf "$HOME/.docker"
mkdir "$HOME/.docker"
auth_file "{\"auths\":{$(login a.example bob secret-of-bob)}}"
with_mounts "$without_docker"
exits 0 'podman alone'
asks keyring
says_not "$HOME/.docker" 'docker asks'
[[ ! -e $HOME/.docker ]] || fail 'expected no folder of docker'
becomes '{"auths":{}}' "$AUTH_FILE"
rm -rf "$LAB/real" "$LAB/fewer" "$DROP_IN"

# --- files are there all the same
auth_file "{\"auths\":{$(login a.example bob secret-of-bob)}}"
with_mounts "$without_them"
exits 0 'a file of theirs'
asks keyring
becomes '{"auths":{}}' "$AUTH_FILE"
finds a.example bob
