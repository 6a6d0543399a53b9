# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced first by a story that says nothing when root tells it: root copies what it needs to a place
# that everybody can read, and tells it there as an ordinary user.
if ((EUID == 0)); then
  plain_user=65534
  plain_world=$(mktemp -d /tmp/dck-plain.XXXXXX)
  trap 'rm -rf "$plain_world"' EXIT
  cp -r "${BASH_SOURCE[0]%/*}" "${BASH_SOURCE[0]%/*}/../lab" "$plain_world"
  cp "${HELPER:?the program under test}" "$plain_world/docker-credential-keyring"
  chmod -R a+rX "$plain_world"
  # A file of root's in a folder of this user.
  mkdir "$plain_world/foreign"
  printf '{"auths":{"h.example":{"auth":"YWRhOnNlY3JldC1vZi1hZGE="}}}' >"$plain_world/foreign/config.json"
  chown "$plain_user" "$plain_world/foreign"
  chmod 0644 "$plain_world/foreign/config.json"
  status=0
  setpriv --reuid "$plain_user" --regid "$plain_user" --clear-groups --inh-caps=-all \
    env HELPER="$plain_world/docker-credential-keyring" FOREIGN="$plain_world/foreign/config.json" \
    bash "$plain_world/migrate/${0##*/}" || status=$?
  exit "$status"
fi
