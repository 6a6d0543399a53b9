#!/bin/sh
# SPDX-License-Identifier: MIT
# A feature of a dev container: docker in it asks the host for its logins. Put the program of the static tarball beside
# this file. On the host, `docker-credential-keyring forward SERVER` runs before the container starts; where docker's
# containers are root's, with --uid 0, and the option `homeuid` is what `id -u` prints there.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p /usr/local/bin
cp "$here/docker-credential-keyring" /usr/local/bin/docker-credential-keyring
chmod 0755 /usr/local/bin/docker-credential-keyring

# Whoever works in the container: its remote user, as the feature is told.
home=${_REMOTE_USER_HOME:-$HOME}
if [ ! -e "$home/.docker/config.json" ]; then
  mkdir -p "$home/.docker"
  echo '{"credsStore": "keyring"}' >"$home/.docker/config.json"
else
  echo "$home/.docker/config.json is there; it needs \"credsStore\": \"keyring\"" >&2
fi
if [ -n "${HOMEUID:-}" ]; then
  mkdir -p "$home/.config/docker-credential-keyring"
  printf '{"socket_uid": %s}\n' "$HOMEUID" >"$home/.config/docker-credential-keyring/settings.json"
fi
if [ -n "${_REMOTE_USER:-}" ]; then
  for folder in "$home/.docker" "$home/.config/docker-credential-keyring"; do
    [ ! -d "$folder" ] || chown -R "$_REMOTE_USER" "$folder"
  done
fi
