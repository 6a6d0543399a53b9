#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The fleet's key: sealed on a node by clevis, kept unlocked by the sync; rolled; and a node that missed it.
FLEET_ON=clevis_lab
. "${BASH_SOURCE[0]%/*}/fleet_lab.sh" || exit 1

begin_fleet
equal null "$("$READER" header "$(copy_of admin)" | jq -r '.slots[1].params.path // null')" 'the path in a new slot'

# --- sealed on the node
start_tpm
(umask 077 && clevis encrypt tpm2 '{}' <"$FLEET_KEY" >"$LAB/sealed.key" 2>"$LAB/clevis.log") ||
  fail "clevis: $(<"$LAB/clevis.log")"
on one docker-credential-keyring vault join "$PLACE" --id "$ID" --key-file "$LAB/sealed.key" "${NODE_ACCESS[@]}"
exits 0 'join with a sealed key'
note_copy() { echo "$ID" >>"$LAB/ids"; }
note_copy
# A pull after a sync starts no clevis.
pulls_without_clevis() {
  INPUT=<(echo a.example) traced -e trace=execve -- env HOME="$LAB/one" docker-credential-keyring get
  exits 0 "get $1"
  equal 2 "$(grep -c execve "$LAB/trace")" "programs that a get starts, $1: $(<"$LAB/trace")"
}
pulls_without_clevis 'after the join'
on one docker-credential-keyring vault lock
answers one a.example ada old-secret
on one docker-credential-keyring vault lock
sync_on one
pulls_without_clevis 'after a sync'
# as_service MACHINE: a sync as its unit has it, where nothing on the disks can be written but what that unit names.
as_service() {
  local unit=$SOURCE_DIR/packaging/systemd/docker-credential-keyring-sync.service
  local -x HOME=$LAB/$1 COMMAND WRITABLE
  COMMAND=$(sed -n 's|^ExecStart=/usr/bin/||p' "$unit")
  WRITABLE=$(sed -n "s|^ReadWritePaths=-%h|$HOME|p" "$unit")
  grep -qx ProtectSystem=strict "$unit" || fail 'the unit can write everywhere'
  # shellcheck disable=SC2016
  run unshare --mount --propagation private bash -ec '
    mount --bind "$WRITABLE" "$WRITABLE"
    while read -r _ _ _ _ folder _; do
      [[ $folder == "$WRITABLE" || $folder =~ ^/(dev|proc|sys)(/|$) ]] || mount -o remount,bind,ro "$folder"
    done < <(cat /proc/self/mountinfo)
    ! : >"$HOME/of-nobody" || exit 99
    exec $COMMAND'
}
on one docker-credential-keyring vault lock
login admin s.example sam by-the-service
as_service one
exits 0 'sync by the service'
pulls_without_clevis 'after a sync by the service'
answers one s.example sam by-the-service
# The TPM is gone: the ticket answers, and when that ends, a reason.
end_process "$TPM_PID"
sync_on one
answers one a.example ada old-secret
on one docker-credential-keyring vault lock
INPUT=<(echo a.example) on one docker-credential-keyring get
exits 1 'get without the TPM'
says 'key file' sealed.key
sync_on one
says 'not kept unlocked'

# --- rolled: the old key, both, the new one
on two docker-credential-keyring vault join "$PLACE" --id "$ID" --key-file "$FLEET_KEY" "${NODE_ACCESS[@]}"
exits 0 'join of two'
old=$("$READER" header "$(copy_of admin)" | jq -r '.slots[0].id')
on admin docker-credential-keyring vault key add --key-file "$LAB/new.key"
exits 0 'key add'
equal null "$("$READER" header "$(copy_of admin)" | jq -r '.slots[1].params.path')" 'the path in a slot'
sync_on two
cp -rp "$LAB/two" "$LAB/straggler"
for machine in two admin; do set_on "$machine" key_file "$LAB/new.key"; done
sync_on two
on admin docker-credential-keyring vault key remove "$old"
exits 0 'key remove'
login admin a.example ada new-secret
sync_on two
answers two a.example ada new-secret
on straggler docker-credential-keyring vault sync
exits 1 'sync of a node that missed it'
says "this machine's key does not open generation 6"
answers straggler a.example ada old-secret
on straggler docker-credential-keyring vault status
says 'refused since' 'does not open generation 6'
INPUT=<(credential b.example bob s3) on straggler docker-credential-keyring store
exits 1 'store of a node that missed it'
