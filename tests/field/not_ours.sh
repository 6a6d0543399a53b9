#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Files of another user's that a plain user's set-up leads to: config.json as a link into a place that others
# fill (docker/cli#5569), and a unit's folder of credentials that cannot be entered (systemd#24291). What is
# told as a cure can be done by this user.
((EUID == 0)) || {
  echo 'not_ours.sh: needs root, to become another user' >&2
  exit 1
}
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

chmod 0711 "$LAB"
mkdir -m 0755 "$LAB/program" "$LAB/secrets"
mkdir -m 0700 "$LAB/other" "$LAB/other/run"
cp "$HELPER" "$LAB/program/docker-credential-keyring"
chmod 0755 "$LAB/program/docker-credential-keyring"
chown -R "$OTHER:$OTHER" "$LAB/other"
as_them=(setpriv --reuid "$OTHER" --regid "$OTHER" --clear-groups --inh-caps=-all
  env HOME="$LAB/other" XDG_RUNTIME_DIR="$LAB/other/run" PATH="$LAB/program:$PATH")
theirs() { run "${as_them[@]}" docker-credential-keyring "$@"; }
# finding ID FIELD: of the last doctor --json.
finding() { jq -r --arg id "$1" "[.findings[] | select(.id == \$id) | .$2][0]" "$LAB/out"; }

cd /
theirs vault create --key-file "$LAB/other/key"
exits 0 'vault create'

# --- the link
printf '{"auths":{"reg.example":{"auth":"%s"}}}' "$(printf ada:s1 | base64)" >"$LAB/secrets/auth"
chmod 0440 "$LAB/secrets/auth"
chgrp "$OTHER" "$LAB/secrets/auth"
"${as_them[@]}" mkdir "$LAB/other/.docker"
"${as_them[@]}" ln -s "$LAB/secrets/auth" "$LAB/other/.docker/config.json"
theirs migrate
exits 1 migrate
says "$LAB/secrets: cannot write here"
theirs list
equal '{}' "$OUT" list
theirs doctor --json
equal '' "$(finding config-open command)" 'what to do about its mode'
equal '' "$(finding plaintext-logins command)" 'what to do about its logins'
[[ $(finding config-folder-closed text) == *"$LAB/secrets"* ]] || fail 'expected the folder behind the link'

# --- the same file is this user's, the folder is not
chown "$OTHER" "$LAB/secrets/auth"
theirs doctor --json
equal "chmod 600 $LAB/other/.docker/config.json" "$(finding config-open command)" 'its mode'
[[ $(finding config-folder-closed text) == *"$LAB/secrets"* ]] || fail 'expected the folder of their own file'
equal '' "$(finding plaintext-logins command)" 'what to do about the logins of their own file'

# --- the key of a unit
"${as_them[@]}" mkdir "$LAB/other/credentials"
"${as_them[@]}" mv "$LAB/other/key" "$LAB/other/credentials/docker-credential-keyring"
export CREDENTIALS_DIRECTORY=$LAB/other/credentials
theirs doctor --json
equal null "$(finding vault-key-unreadable id)" 'a key that can be read'
chmod 700 "$LAB/other/credentials"
chown root "$LAB/other/credentials"
theirs doctor --json
equal problem "$(finding vault-key-unreadable severity)" 'a key that cannot be read'
[[ $(finding vault-key-unreadable text) == *"$CREDENTIALS_DIRECTORY belongs to another user"* ]] ||
  fail "expected the folder in the way: $(finding vault-key-unreadable text)"
CREDENTIALS_DIRECTORY=$LAB/other/none theirs doctor --json
equal problem "$(finding vault-key-missing severity)" 'a key that is gone, and no other is named'
export DOCKER_CREDENTIAL_KEYRING_KEY_FILE=$LAB/other/none
theirs doctor --json
equal problem "$(finding vault-key-unreadable severity)" 'a named key that is not there'
