#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The disk is full in the middle of a migrate (docker.machine#3434): the file is the old one or the new one, the
# reason is told, and what had to stay in the vault is named with exit 3.
. "${BASH_SOURCE[0]%/*}/../lab/own_mounts.sh" || exit 1
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

login() { printf '"%s":{"auth":"%s"}' "$1" "$(printf '%s' "$2" | base64 -w0)"; }
plaintext="{\"auths\":{$(login a.example ada:s1),$(login b.example bob:t4)}}"
mount -t tmpfs -o size=256k none "$HOME"
trap 'umount "$HOME"; vault_lab_end' EXIT
make_vault_with_key
store old.example old s0
mkdir "$HOME/.docker"
(umask 077 && printf %s "$plaintext" >"$HOME/.docker/config.json")
filling=$HOME/filling
! dd if=/dev/zero of="$filling" bs=1k status=none 2>/dev/null || fail 'the disk does not fill'

partial=0
for ((pages = 0; pages < 8; pages++)); do
  run docker-credential-keyring migrate
  case $STATUS in
  0) break ;;
  1)
    says 'No space left on device'
    equal "$plaintext" "$(<"$HOME/.docker/config.json")" "config.json, $pages pages are free"
    lists '{"old.example": "old"}'
    ;;
  3)
    partial=1
    says 'No space left on device' 'could not be taken back' a.example b.example 'hint: '
    equal "$plaintext" "$(<"$HOME/.docker/config.json")" "config.json, $pages pages are free"
    ;;
  esac
  has old.example old s0
  truncate --size=-4096 "$filling"
done
exits 0 'migrate with room'
((pages)) || fail 'the disk was not full'
((partial)) || fail 'no migrate was stopped between the vault and the file'
has a.example ada s1
has b.example bob t4
equal '{"auths":{"a.example":{},"b.example":{}},"credsStore":"keyring"}' "$(<"$HOME/.docker/config.json")" config.json
cd /
