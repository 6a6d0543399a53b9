#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What would fail in the end fails before anything is stored, and says what to do about it: the
# helper that docker would not find, and the file that cannot be replaced.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_bus
start_fake
text="{\"auths\":{$(login h.example ada secret-of-ada)}}"

# untouched [WHAT]
untouched() {
  refused "$1"
  cured "$1"
  calls_are 0 Collection.CreateItem
}

# --- the program that docker would start
config "$text"
mv "$LAB/bin/docker-credential-keyring" "$LAB/aside"
run "$HELPER" migrate
untouched 'not on PATH'
says docker-credential-keyring PATH

printf '#!/bin/sh\nexit 0\n' >"$LAB/bin/docker-credential-keyring"
run "$HELPER" migrate
untouched 'not executable and not on PATH'
chmod 0755 "$LAB/bin/docker-credential-keyring"
run "$HELPER" migrate
untouched 'another program'
says "$LAB/bin/docker-credential-keyring"
mkdir "$LAB/first"
ln -s /bin/true "$LAB/first/docker-credential-keyring"
rm "$LAB/bin/docker-credential-keyring"
mv "$LAB/aside" "$LAB/bin/docker-credential-keyring"
PATH=$LAB/first:$PATH run "$HELPER" migrate
untouched 'another program in front'
says "$LAB/first/docker-credential-keyring"
PATH=$LAB/first:$PATH run "$HELPER" migrate --dry-run
untouched 'another program in front, --dry-run'

# --- a mount point (Kubernetes' subPath, docker's -v)
for option in '' ,ro; do
  config "$text"
  with_mounts "mount --bind '$CONFIG' '$CONFIG'; [ -z '$option' ] || mount -o 'remount,bind$option' '$CONFIG'"
  untouched "a mount point$option"
  says 'mount'
done
# through a symlink
mkdir "$HOME/dotfiles"
config "$text" "$HOME/dotfiles/docker.json"
ln -sf ../dotfiles/docker.json "$CONFIG"
FILE=$HOME/dotfiles/docker.json
with_mounts "mount --bind '$FILE' '$FILE'"
untouched 'a mount point behind a symlink'
unset FILE
rm "$CONFIG"

# --- a folder that is mounted read-only
config "$text"
with_mounts "mount --bind '$HOME/.docker' '$HOME/.docker'; mount -o remount,bind,ro '$HOME/.docker'"
untouched 'a read-only folder'
says '.docker'
FILE=$LAB/nowhere
rm "$CONFIG"
with_mounts "mount --bind '$HOME/.docker' '$HOME/.docker'; mount -o remount,bind,ro '$HOME/.docker'"
exits 1 'no file in a read-only folder'
calls_are 0 Collection.CreateItem
unset FILE

# A mounted folder that can be written is fine.
config "$text"
with_mounts "mount --bind '$HOME/.docker' '$HOME/.docker'"
exits 0 'a mounted folder'
holds '{"h.example": ["ada", "secret-of-ada"]}'
stop_fake
start_fake

# --- no room: a file system without space, and one without inodes
for size in size=4k nr_inodes=2; do
  config "$text"
  with_mounts "
    cp '$CONFIG' '$LAB/copy'
    mount -t tmpfs -o '$size,mode=0700' none '$HOME/.docker'
    cp '$LAB/copy' '$CONFIG'
    export SIZE='$size'
    head -c 100k /dev/zero >'$HOME/.docker/fill' 2>/dev/null || true
    exec 3>&1
    docker-credential-keyring migrate || status=\$?
    cmp '$LAB/before' '$CONFIG' >&3
    ls -A '$HOME/.docker' | tr '\n' ' ' >'$LAB/listing'
    exit \${status:-0}"
  exits 1 "no room, $size"
  [[ $OUT != *differ* ]] || fail "no room, $size: config.json was changed"
  [[ $(<"$LAB/listing") != *docker-credential* ]] || fail "no room, $size: left $(<"$LAB/listing")"
  cured "no room, $size"
  holds '{}'
done
