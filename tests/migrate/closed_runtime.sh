#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Root has run podman, and this user has no session: /run/containers is closed to them. So it is to their
# own podman, and nothing that concerns them is in it. In a mount namespace: /run is another there.
. "${BASH_SOURCE[0]%/*}/../lab/own_mounts.sh" || exit 1
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1
# shellcheck source=../lab/mounts.sh
. "$LAB_SOURCE/mounts.sh"

cover /run nothing
mkdir -m 0700 /run/containers
unset XDG_RUNTIME_DIR
make_vault_with_key
mkdir -m 0700 "$HOME/.docker"
echo '{"auths":{"a.example":{"username":"ada","password":"secret-of-ada"}}}' >"$HOME/.docker/config.json"
rm "$LAB/bin/docker-credential-keyring"
install -m 0755 "$HELPER" "$LAB/bin/docker-credential-keyring"
ln -s "$(type -P true)" "$LAB/bin/podman"
chown -R "$OTHER:$OTHER" "$HOME"
chmod 0711 "$LAB" "$LAB/bin"
as_other=(setpriv --reuid "$OTHER" --regid "$OTHER" --clear-groups --inh-caps=-all --)

for options in --dry-run '' ''; do
  # shellcheck disable=SC2086
  run "${as_other[@]}" docker-credential-keyring migrate $options
  exits 0 "migrate $options"
  says_not /run/containers
done
run "${as_other[@]}" docker-credential-keyring doctor
says_not /run/containers
equal '{"a.example":{}}' "$(jq -c .auths "$HOME/.docker/config.json")" 'logins in config.json'

# One that is theirs is read.
mkdir "/run/containers/$OTHER"
echo '{"auths":{"b.example":{"username":"bob","password":"secret-of-bob"}}}' >"/run/containers/$OTHER/auth.json"
chmod 0755 /run/containers
chown -R "$OTHER:$OTHER" "/run/containers/$OTHER"
run "${as_other[@]}" docker-credential-keyring migrate
says b.example "/run/containers/$OTHER/auth.json"
