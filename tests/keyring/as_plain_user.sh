#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The stories in which it matters who we are, told by an ordinary user: root has copies made that
# everybody can read.
set -euo pipefail

((EUID == 0)) || {
  echo 'as_plain_user.sh: needs root, to become another user' >&2
  exit 1
}
user=65534
world=$(mktemp -d /tmp/dck-plain.XXXXXX)
trap 'rm -rf "$world"' EXIT
here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
cp -r "$here" "${here%/*}/lab" "$world"
cp "${HELPER:?the program under test}" "$world/docker-credential-keyring"
cp "${PROMPTER:?the program made of prompter.c}" "$world/prompter"
chmod -R a+rX "$world"
for story in bus_address index_lost list_never_asks one_item_per_server user_namespace; do
  setpriv --reuid "$user" --regid "$user" --clear-groups --inh-caps=-all \
    env HELPER="$world/docker-credential-keyring" PROMPTER="$world/prompter" \
    bash "$world/keyring/$story.sh"
done
