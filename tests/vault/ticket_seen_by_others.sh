#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Who gets nothing while the vault is open: a process of the same user that sees the kernel's keyring but
# not the vault's folder, as in a container; another user, also one who inherits the session by `su` or
# `sudo -u`; a user namespace that has not unlocked it for itself.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

((EUID == 0)) || fail 'expected to run as root'
quick_vault_with_passphrase 'pass one' --credential a.example ada secret-of-ada
at_terminal --answer 'pass one' -- docker-credential-keyring vault unlock
has a.example ada secret-of-ada
key=$(kernel_key)

# --- the same user, without the folder: he can read the key, and has a copy of the vault
mkdir -p "$LAB/backup" "$HOME/.local/state"
chmod 0700 "$LAB/backup"
cp -p "$VAULT" "$LAB/backup/"
# shellcheck disable=SC2016
run unshare --mount --propagation private bash -c '
  mount -t tmpfs none "$1" && mount -t tmpfs none "$2" || exit 1
  keyctl pipe "$3" >"$4/payload" || exit 1
  printf a.example >"$4/request"
  DOCKER_CREDENTIAL_KEYRING_VAULT=$4/backup/vault docker-credential-keyring get <"$4/request"' \
  bash "$VAULT_FOLDER" "$HOME/.local/state" "$key" "$LAB"
hinted 'docker-credential-keyring vault unlock' 'get in a container'
equal 48 "$(stat -c %s "$LAB/payload")" 'bytes of the key'
! "$READER" open-ticket "$LAB/backup/vault" --payload-file "$LAB/payload" >"$LAB/dump" 2>&1 ||
  fail 'the kernel key alone opens a copy of the vault'
grep -q ticket "$LAB/dump" || grep -q 'No such file' "$LAB/dump" || fail "the reader: $(<"$LAB/dump")"
# The data key is not in the kernel key.
! "$READER" dump "$LAB/backup/vault" --sealed-file <(tail -c 32 "$LAB/payload") >"$LAB/dump" 2>&1 ||
  fail 'the kernel key opens the vault'

# --- another user in this session
mkdir "$LAB/shared"
cp "$HELPER" "$LAB/shared/docker-credential-keyring"
chmod -R a+rX "$LAB/shared"
chmod 0711 "$LAB"
refused_to() {
  local command=$1
  shift
  LAST_CALL="$*"
  ! "$@" "$command" >"$LAB/answer" 2>&1 || fail "$command: another user reads the key: $(clip "$LAB/answer")"
}
user=nobody
other_does() { setpriv --reuid "$OTHER" --regid "$OTHER" --clear-groups --inh-caps=-all sh -c "$1"; }
su_does() { su -s /bin/sh -c "$1" "$user"; }
sudo_does() { sudo -n -u "$user" sh -c "$1"; }
for way in other_does su_does sudo_does; do
  $way true || fail "$way: expected to become $user"
  refused_to "keyctl pipe $key" $way
  refused_to "keyctl read $key" $way
  refused_to "keyctl search @s user docker-credential-keyring:$(header .id)" $way
  refused_to "keyctl link $key @s" $way
  refused_to "cat $VAULT" $way
  refused_to "printf a.example | DOCKER_CREDENTIAL_KEYRING_VAULT=$VAULT HOME=$LAB/shared $LAB/shared/docker-credential-keyring get | grep ada" $way
done
# Also where the session of root holds the key itself.
keyctl session - sh -c "keyctl link $key @s 2>/dev/null || keyctl link @u @s
  exec setpriv --reuid $OTHER --regid $OTHER --clear-groups --inh-caps=-all sh -c '! keyctl pipe $key'" \
  >"$LAB/answer" 2>&1 || fail "a session that holds the key: $(clip "$LAB/answer")"
has a.example ada secret-of-ada

# --- a user namespace without a link: nothing is found there, and it may open the vault for itself
printf a.example >"$LAB/request"
INPUT=$LAB/request run keyctl session - unshare --user --map-root-user docker-credential-keyring get
hinted 'docker-credential-keyring vault unlock' 'get in a user namespace'
INPUT=$LAB/request at_terminal --answer 'pass one' -- keyctl session - unshare --user --map-root-user bash -c \
  'docker-credential-keyring get >/dev/null && printf a.example | docker-credential-keyring get'
equal 0 "$STATUS" 'exit of get in a user namespace, at a terminal'
prompted_times 1 'a user namespace'
equal secret-of-ada "$(jq -r .Secret "$LAB/out")" 'the secret'
# Outside it is still open, without another prompt.
has a.example ada secret-of-ada

# --- with a session that links the user's keyring, as pam_keyinit makes it
# shellcheck disable=SC2016
INPUT=$LAB/request run keyctl session - sh -c \
  'keyctl link @u @s >/dev/null && exec unshare --user --map-root-user docker-credential-keyring get'
equal 0 "$STATUS" 'exit of get in a user namespace with a link'

# --- lock ends them all
vault lock
exits 0 'vault lock'
INPUT=$LAB/request run keyctl session - sh -c \
  'keyctl link @u @s >/dev/null && exec unshare --user --map-root-user docker-credential-keyring get'
hinted 'docker-credential-keyring vault unlock' 'get in a user namespace, locked'
equal 0 "$(tickets)" tickets
