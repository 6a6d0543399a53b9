#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Where the kernel's keyring is not allowed (containers), not there, or full: everything works, each call
# asks anew, nothing is left behind, and it is said once.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

quick_vault_with_passphrase 'pass one' --credential a.example ada s3
printf a.example >"$LAB/request"

# with INJECT… -- STEP… -- COMMAND…: at a terminal, where these system calls fail.
with() {
  local faults=() steps=()
  while [[ $1 != -- ]]; do faults+=(-e "inject=$1") && shift; done
  shift
  while [[ $1 != -- ]]; do steps+=("$1") && shift; done
  shift
  INPUT=$LAB/request at_terminal "${steps[@]}" -- \
    strace -f -qq -o "$LAB/trace" -e trace=add_key,keyctl,request_key "${faults[@]}" "$@"
}

no_keys() { [[ -z $(kernel_keys) ]]; }

# said_once WHAT
said_once() {
  equal 1 "$(grep -ciE 'kernel' "$LAB/err" || true)" "lines about the kernel's keyring, $1: «$ERR»"
}

for fault in add_key:error=EPERM add_key:error=ENOSYS add_key:error=EDQUOT \
  'add_key:error=EPERM keyctl:error=EPERM' 'add_key:error=ENOSYS keyctl:error=ENOSYS' 'keyctl:error=EACCES'; do
  read -ra faults <<<"$fault"
  forget_vault_refusals
  with "${faults[@]}" -- --answer 'pass one' -- docker-credential-keyring get
  equal 0 "$STATUS" "exit of get, $fault"
  equal s3 "$(jq -r .Secret "$LAB/out")" "the secret, $fault"
  said_once "get, $fault"
  prompted_times 1 "get, $fault"
  equal 0 "$(tickets)" "tickets, $fault"
  wait_until no_keys # those of a process go a moment after it
done

# `unlock` has nothing else to do, and says that it cannot.
with add_key:error=EPERM keyctl:error=EPERM -- --may-end --answer 'pass one' -- docker-credential-keyring vault unlock
says 'key is right' 'DOCKER_CREDENTIAL_KEYRING_KEY_FILE=PATH' 'DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND=COMMAND'
exits 1 'unlock that cannot last'
equal 0 "$(tickets)" 'tickets after unlock'

# `lock` finds nothing to lock, and that is well.
with add_key:error=EPERM keyctl:error=EPERM -- -- docker-credential-keyring vault lock
exits 0 'vault lock'

# A store is not made to fail by it, and a key file never needs it.
credential b.example bob t4 >"$LAB/request"
with add_key:error=EDQUOT -- --answer 'pass one' -- docker-credential-keyring store
done_silently 'store, EDQUOT'
reads '{"a.example": ["ada", "s3"], "b.example": ["bob", "t4"]}'
quick_vault_with_key --credential a.example ada s3
printf a.example >"$LAB/request"
with add_key:error=EPERM keyctl:error=EPERM -- -- docker-credential-keyring get
equal 0 "$STATUS" 'exit of get, a key file'
silent 'get, a key file'
! grep -q add_key "$LAB/trace" || fail 'a key file was cached'
