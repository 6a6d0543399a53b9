#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A node: root without HOME, without a folder of XDG's and without a bus, as a service has it. The vault is
# root's own and opens by its key file, in no time; nothing of the keyring is loaded, nothing waited for.
# In a mount namespace: root's home is another there.
. "${BASH_SOURCE[0]%/*}/../lab/own_mounts.sh" || exit 1
. "${BASH_SOURCE[0]%/*}/kubelet_lab.sh" || exit 1
# shellcheck source=../lab/mounts.sh
. "$LAB_SOURCE/mounts.sh"

own=$(getent passwd 0 | cut -d: -f6)
mkdir -m 0700 "$LAB/own"
cover "$own" "$LAB/own"
# Where the bus of a root who has logged in would be.
mkdir -p /run/user "$LAB/users"
mount --bind "$LAB/users" /run/user
VAULT_FOLDER=$own/.local/share/docker-credential-keyring
VAULT=$VAULT_FOLDER/vault
KEY_FILE=$own/key

# The program with nothing in its environment, save what a sanitizer has to know and what `with` gives.
rm "$LAB/bin/docker-credential-keyring"
cat >"$LAB/bin/docker-credential-keyring" <<'END'
#!/bin/bash
declare -a kept
for name in ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS; do kept+=("$name=${!name}"); done
mapfile -t bare <"$LAB/bare"
exec env -i "${kept[@]}" "${bare[@]}" ${TRACED:+strace -f -o "$LAB/trace" -e trace=open,openat,connect} \
  ${WAITS:+strace -qq -o "$WAITS" -e trace=poll,ppoll,nanosleep,clock_nanosleep} "$HELPER" "$@"
END
chmod 0755 "$LAB/bin/docker-credential-keyring"
: >"$LAB/bare"
# with VARIABLE… -- CALL…: the same with these.
with() {
  : >"$LAB/bare"
  while [[ $1 != -- ]]; do echo "$1" >>"$LAB/bare" && shift; done
  "${@:2}"
  : >"$LAB/bare"
}

# --- before there is a vault
gets_nothing nexus.example.com:8083/team/app

vault create --key-file "$KEY_FILE"
exits 0 'vault create'
[[ -f $VAULT ]] || fail "expected root's vault in $own"
gets_nothing nexus.example.com:8083/team/app
store nexus.example.com:8083 ada s3

export WAITS=$LAB/waits
for i in 1 2; do
  gets nexus.example.com:8083/team/app Registry nexus.example.com:8083 ada s3
  waited_at_most 0 "request $i"
  gets_nothing stranger.example/app
  waited_at_most 0 'an unknown registry'
done
unset WAITS

# --- what it touches
if ! sanitized; then
  TRACED=1 gets nexus.example.com:8083/team/app Registry nexus.example.com:8083 ada s3
  grep -q "openat.*vault" "$LAB/trace" || fail 'the trace shows nothing'
  ! grep -E 'keyring\.so|libsecret|libglib|connect\(.*bus' "$LAB/trace" >"$LAB/touched" ||
    fail "it looks for a keyring: $(<"$LAB/touched")"
fi

# --- the vault elsewhere, its key from a service manager, the environment in the configuration
mkdir -m 0700 "$LAB/elsewhere" "$LAB/credentials"
mv "$VAULT" "$LAB/elsewhere/vault"
mv "$KEY_FILE" "$LAB/credentials/docker-credential-keyring"
rm -r "$own/.local"
gets_nothing nexus.example.com:8083/team/app
VAULT=$LAB/elsewhere/vault
where=DOCKER_CREDENTIAL_KEYRING_VAULT=$VAULT
key=DOCKER_CREDENTIAL_KEYRING_KEY_FILE=$LAB/credentials/docker-credential-keyring
with "$where" CREDENTIALS_DIRECTORY="$LAB/credentials" -- \
  gets nexus.example.com:8083/team/app Registry nexus.example.com:8083 ada s3
with "$where" -- asks nexus.example.com:8083/team/app
refused "$KEY_FILE cannot be read" 'no key'
with "$where" "$key" DOCKER_CREDENTIAL_KEYRING_STORE=vault -- \
  run docker-credential-keyring kubelet --print-config
exits 0 --print-config
cp "$LAB/out" "$LAB/config.yaml"
ln -sf "$HELPER" "$LAB/bin/docker-credential-keyring"
(unset HOME XDG_RUNTIME_DIR && plays_kubelet "$LAB/config.yaml" nexus.example.com:8083/team/app)
equal '[["ada"]]' "$(pulls 'map(.credentials | map(.username))')" 'who pulls'
equal '[]' "$(pulls 'map(.errors[])')" errors
umount --recursive "$own"
umount /run/user
