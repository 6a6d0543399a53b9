#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# An ordinary user beside root: the stories in which it matters who we are, told by another uid, in a
# session keyring that belongs to root, as cron and services have it.
set -euo pipefail

((EUID == 0)) || {
  echo 'as_plain_user.sh: needs root, to become another user' >&2
  exit 1
}
user=65534
world=$(mktemp -d /tmp/dck-plain.XXXXXX)
trap 'rm -rf "$world"' EXIT
here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
cp -r "$here" "${here%/*}"/{choice,lab} "$world"
cp "${HELPER:?the program under test}" "$world/docker-credential-keyring"
cp "${PROMPTER:?the program made of prompter.c}" "$world/prompter"
chmod -R a+rX "$world"
for story in vault/{roundtrip,passphrase,ticket} choice/{spellings,user_namespace,new}; do
  keyctl session - setpriv --reuid "$user" --regid "$user" --clear-groups --inh-caps=-all \
    env HELPER="$world/docker-credential-keyring" PROMPTER="$world/prompter" \
    bash "$world/$story.sh"
done
