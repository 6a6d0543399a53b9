#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A home whose file system takes no locks, as NFS without its lock service, or is read-only: they are
# taken in the runtime folder, and where that takes none either, the whole path and a hint are told.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

make_vault_with_key
state=$HOME/.local/state/docker-credential-keyring
credential a.example ada word-one >"$LAB/request"

# without_locks REASON PATH… -- ARGS…: of these files none can be locked; $REASON is an errno.
without_locks() {
  local reason=$1 watched=()
  shift
  while [[ $1 != -- ]]; do watched+=(-P "$1") && shift; done
  INPUT=$LAB/request run strace -qq -f -o "$LAB/trace" "${watched[@]}" -e trace=flock \
    -e inject=flock:error="$reason" docker-credential-keyring "${@:2}"
}
for reason in ENOLCK EOPNOTSUPP ENOSYS; do
  without_locks "$reason" "$VAULT_FOLDER/vault.lock" "$state/index.lock" "$state/puts.lock" -- store
  exits 0 "store, $reason"
  silent "store, $reason"
  grep -q INJECTED "$LAB/trace" || fail 'expected a lock to be refused'
  has a.example ada word-one
  erase a.example
done
ls "$XDG_RUNTIME_DIR"/docker-credential-keyring.*.lock >"$LAB/locks"
equal 3 "$(wc -l <"$LAB/locks")" 'locks in the runtime folder'

# nowhere
INPUT=$LAB/request run strace -qq -f -o "$LAB/trace" -e trace=flock -e inject=flock:error=ENOLCK \
  docker-credential-keyring store
exits 1 'store, no locks at all'
says "$VAULT_FOLDER/vault.lock: No locks available" XDG_RUNTIME_DIR
