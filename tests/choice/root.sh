#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which store: root uses root's own home, vault and index, also under `sudo -E`, whose HOME is the user's;
# the invoking user's folders and bus are not touched. In a mount namespace: /root is another there.
. "${BASH_SOURCE[0]%/*}/../lab/own_mounts.sh" || exit 1
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1
# shellcheck source=../lab/mounts.sh
. "$LAB_SOURCE/mounts.sh"

own=$(getent passwd 0 | cut -d: -f6)
mkdir -m 0700 "$LAB/own"
cover "$own" "$LAB/own"
VAULT_FOLDER=$own/.local/share/docker-credential-keyring
VAULT=$VAULT_FOLDER/vault
KEY_FILE=$own/key
READER_KEY=(--key-file "$KEY_FILE")

# The user's home, with a vault that root could open if he looked; and the user's bus.
user=$LAB/user
mkdir -p "$user"/{.config,.local/share/docker-credential-keyring,.local/state/docker-credential-keyring,run}
make_key_file "$user/key"
"$READER" make "$user/.local/share/docker-credential-keyring/vault" --key-file "$user/key" \
  --path "$user/key" --credential user.example una s3
printf 'docker-credential-keyring index 1\nserver\tuser.example\tvault\t\nend\n' \
  >"$user/.local/state/docker-credential-keyring/index"
start listener /usr/bin/python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(50)
while True:
  s.accept(); print("somebody came", flush=True)' "$user/run/bus"
wait_until test -S "$user/run/bus"
chown -R "$OTHER:$OTHER" "$user"
chmod -R go-rwx "$user"
find "$user" -printf '%p %s %T@ %U %m\n' | sort >"$LAB/before"

# as_sudo COMMAND…: with the user's environment.
as_sudo() {
  HOME=$user XDG_CONFIG_HOME=$user/.config XDG_DATA_HOME=$user/.local/share \
    XDG_STATE_HOME=$user/.local/state XDG_RUNTIME_DIR=$user/run \
    DBUS_SESSION_BUS_ADDRESS=unix:path=$user/run/bus SUDO_USER=una SUDO_UID=$OTHER "$@"
}

# People's commands stop where a variable leads to the user's folders, and say what to type; what every
# sudo -E brings, HOME and XDG_RUNTIME_DIR, is replaced.
as_sudo vault create --key-file "$KEY_FILE"
exits 2 "vault create, with the user's folders"
says XDG_CONFIG_HOME 'sudo -H docker-credential-keyring vault create'
HOME=$user XDG_RUNTIME_DIR=$user/run DOCKER_CONFIG=$user/not-yet SUDO_USER=una \
  run docker-credential-keyring migrate
exits 2 "migrate, with the user's DOCKER_CONFIG"
says "DOCKER_CONFIG names $user/not-yet" 'sudo -H docker-credential-keyring migrate'
[[ ! -e $own/.local ]] || fail "expected nothing in root's home yet"
HOME=$user XDG_RUNTIME_DIR=$user/run DOCKER_CONFIG=$user/not-yet vault create --key-file "$KEY_FILE"
exits 0 'vault create'
[[ -f $VAULT ]] || fail "expected root's vault in $own"
# Also where the user's folder is not there yet.
HOME=$user XDG_RUNTIME_DIR=$user/run XDG_STATE_HOME=$user/none/state XDG_DATA_HOME=$user/none/data \
  store b.example ada t4
HOME=$user XDG_RUNTIME_DIR=$user/run XDG_STATE_HOME=$user/none/state XDG_DATA_HOME=$user/none/data \
  erase b.example
as_sudo store a.example ada t4
as_sudo has a.example ada t4
as_sudo has_not user.example
as_sudo lists '{"a.example": "ada"}'
equal '"vault"' "$(index '.servers["a.example"].store' "$own/.local/state/docker-credential-keyring/index")" \
  "root's index"
as_sudo vault status
exits 2 "vault status, with the user's folders"
HOME=$user XDG_RUNTIME_DIR=$user/run vault status
says "$VAULT"
# Without any HOME it is the same one.
(unset HOME && has a.example ada t4)
as_sudo erase a.example
reads '{}'

find "$user" -printf '%p %s %T@ %U %m\n' | sort >"$LAB/after"
same_file "$LAB/before" "$LAB/after" "the user's files"
[[ ! -s $LAB/listener.log ]] || fail "somebody came to the user's bus"
umount --recursive "$own"
