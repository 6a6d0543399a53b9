#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# No room, a read-only file system, a disk that fails at any call of a store: an error, and the old vault
# stays, to be read and to be written once there is room.
. "${BASH_SOURCE[0]%/*}/../lab/own_mounts.sh" || exit 1
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

quick_vault_with_key --credential a.example ada s3
cp -p "$VAULT" "$LAB/begin.vault"

# fails WHAT: a store and an erase do, and change nothing.
fails() {
  remember
  call store "$(credential b.example bob t4)"
  broke "store, $1"
  unchanged "store, $1"
  call erase a.example
  broke "erase, $1"
  unchanged "erase, $1"
  has a.example ada s3
  reads '{"a.example": ["ada", "s3"]}'
}
works() {
  store b.example bob t4
  reads '{"a.example": ["ada", "s3"], "b.example": ["bob", "t4"]}'
  erase b.example
  equal '' "$(find "$VAULT_FOLDER" -name 'vault.new*')" 'leftovers'
}

# --- no room, and no room for one more file
for size in size=12k nr_inodes=3; do
  mount -t tmpfs -o "$size,mode=0700" none "$VAULT_FOLDER"
  cp -p "$LAB/begin.vault" "$VAULT"
  : >"$VAULT_FOLDER/vault.lock"
  chmod 0600 "$VAULT_FOLDER/vault.lock"
  { head -c 1M /dev/zero >"$VAULT_FOLDER/fill"; } 2>/dev/null || true
  fails "$size"
  rm -f "$VAULT_FOLDER/fill"
  if [[ $size == nr_inodes* ]]; then mount -o remount,nr_inodes=30 "$VAULT_FOLDER"; fi
  works
  umount "$VAULT_FOLDER"
done

# --- room for the first write and not for all of it: a mebibyte on a small disk
mount -t tmpfs -o size=200k,mode=0700 none "$VAULT_FOLDER"
cp -p "$LAB/begin.vault" "$VAULT"
remember
head -c 400000 /dev/urandom | base64 -w0 >"$LAB/large"
call store "{\"ServerURL\":\"large.example\",\"Username\":\"u\",\"Secret\":\"$(<"$LAB/large")\"}"
broke 'store of more than there is room for'
unchanged 'more than there is room for'
works
umount "$VAULT_FOLDER"

# --- read-only
mount --bind "$VAULT_FOLDER" "$VAULT_FOLDER"
mount -o remount,bind,ro "$VAULT_FOLDER"
fails 'read-only'
umount "$VAULT_FOLDER"
works

# --- everything of the user's is read-only, or the index alone has no room: reading goes on
mkdir -p "$HOME/.local/state"
for what in "$HOME" "$HOME/.local/state"; do
  mount --bind "$what" "$what"
  mount -o remount,bind,ro "$what"
  has a.example ada s3
  has_not stranger.example
  umount "$what"
done

# --- faults at each call that writes the vault
begin() {
  rm -rf "$HOME/.local/state"
  find "$VAULT_FOLDER" -type f ! -name '*.lock' -delete
  cp -p "$LAB/begin.vault" "$VAULT"
}
credential b.example bob t4 >"$LAB/request"
begin
INPUT=$LAB/request traced -- docker-credential-keyring store
equal 0 "$STATUS" 'exit without a fault'
cp "$LAB/trace" "$LAB/whole"
# The numbers of the calls of this name from where the new vault is opened to where it is in place.
during() {
  awk -v name="$1" '
    { sub(/^[0-9]+ +/, "") }
    index($0, name "(") == 1 { n++ }
    index($0, "\"vault.new\"") || index($0, "/vault.new\"") { if (/^openat\(/) begun = 1 }
    begun && !ended && index($0, name "(") == 1 { print n }
    /^rename/ && /vault.new/ { ended = 1 }' "$LAB/whole"
}
tried=0
# fails_at SYSCALL N ERROR
fails_at() {
  local at="$3 at $1 $2" found
  tried=$((tried + 1))
  begin
  INPUT=$LAB/request traced -e "trace=$1" -e "inject=$1:error=$3:when=$2" -- docker-credential-keyring store
  found=$(dump '.credentials | map_values([.username, .secret])') || fail "the second reader refuses the vault, $at"
  # Where the fault is harmless it may go on; what it says is what is there.
  if ((STATUS)); then
    broke "store, $at"
    equal '{"a.example":["ada","s3"]}' "$found" "the vault, $at"
  else
    equal '{"a.example":["ada","s3"],"b.example":["bob","t4"]}' "$found" "the vault, $at"
    [[ $1 == close || $1 == unlinkat || $1 == fcntl ]] || fail "store, $at: expected an error"
  fi
  works
}
for name in openat write fsync fdatasync fchmod renameat renameat2 rename; do
  for number in $(during "$name"); do
    for error in EIO ENOSPC; do fails_at "$name" "$number" "$error"; done
  done
done
((tried >= 6)) || fail "expected six faults at least, got $tried"
printf '%s faults\n' "$tried"
