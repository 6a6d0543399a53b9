#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# An ordinary user who may use sudo, on a machine whose /usr/local and sudoers are the story's own: where
# docker finds the program, and files that this user may not touch. Then the stories in which it matters
# who we are.
set -euo pipefail

((EUID == 0)) || {
  echo 'as_plain_user.sh: needs root, to mount and to become another user' >&2
  exit 1
}
if [[ -z ${OWN_MOUNTS:-} ]]; then
  OWN_MOUNTS=1 exec unshare --mount --propagation private bash "$0"
fi
user=65534
world=$(mktemp -d /tmp/dck-plain.XXXXXX)
trap 'umount /usr/local /etc/sudoers.d; rm -rf "$world"' EXIT
here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
cp -r "$here" "${here%/*}/lab" "${here%/*}/vault" "$world"
cp "${HELPER:?the program under test}" "$world/docker-credential-keyring"
chmod -R a+rX "$world"
mkdir "$world/local" "$world/sudoers.d"
printf '#%s ALL=(root) NOPASSWD: ALL\n' "$user" >"$world/sudoers.d/lab"
chmod 0440 "$world/sudoers.d/lab"
mount --bind "$world/local" /usr/local
mount --bind "$world/sudoers.d" /etc/sudoers.d
for story in plain_user healthy choice; do
  keyctl session - setpriv --reuid "$user" --regid "$user" --clear-groups --inh-caps=-all \
    env HELPER="$world/docker-credential-keyring" bash "$world/doctor/$story.sh"
done
