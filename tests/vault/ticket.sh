#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Open once: `vault unlock` leaves a random key in the kernel's keyring and a ticket beside the vault.
# Together they open it, in any session of this user; each alone, altered, expired or from before a key
# was removed, opens nothing. `vault lock` ends it.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

unlock_vault() {
  at_terminal --answer 'pass one' -- docker-credential-keyring vault unlock "$@"
  exits 0 "vault unlock $*"
}
locked() {
  call get a.example
  hinted 'docker-credential-keyring vault unlock' "get, $1"
}

quick_vault_with_passphrase 'pass one' --credential a.example ada s3
locked 'at first'
equal false "$(status .open)" open
unlock_vault
has a.example ada s3
silent get
equal 1 "$(tickets)" tickets
ticket=$(find "$VAULT_FOLDER" -name 'open-*')
equal '600 88' "$(stat -c '%a %s' "$ticket")" 'mode and size of the ticket'
key=$(kernel_key)
[[ -n $key ]] || fail 'expected a key in the user keyring'
equal "user;$EUID;$(id -g);001b0000;docker-credential-keyring:$(header .id)" "$(keyctl rdescribe "$key")" 'the key'
equal true "$(status .open)" open
remaining=$(($(status .open_until) - $(date +%s)))
((remaining > 28500 && remaining <= 28800)) || fail "open_until: expected 8 hours from now, got $remaining s"
[[ $(awk -v id="$(printf %08x "$key")" '$1 == id { print $4 }' /proc/keys) =~ ^([78]h|4[0-9]{2}m)$ ]] ||
  fail "the kernel's time limit: expected 8 hours, got $(grep -F docker-credential-keyring /proc/keys)"

# --- what it is made of: the second reader opens it by both halves
keyctl pipe "$key" >"$LAB/payload"
equal 48 "$(stat -c %s "$LAB/payload")" 'bytes of the key'
equal '["ada","s3"]' \
  "$("$READER" open-ticket "$VAULT" --payload-file "$LAB/payload" | jq -c '.credentials["a.example"] | [.username, .secret]')" \
  'a.example by the ticket'
equal "open-$(head -c 16 "$LAB/payload" | basenc --base16 -w0 | tr A-F a-f)" "${ticket##*/}" 'name of the ticket'

# --- the ticket alone, the key alone
mv "$ticket" "$LAB/ticket"
locked 'the key alone'
cp "$LAB/ticket" "$ticket"
has a.example ada s3
keyctl unlink "$key" @u
locked 'the ticket alone'
put_kernel_key "$LAB/payload"
has a.example ada s3

# Half of each: another key, an altered ticket.
head -c 48 /dev/urandom >"$LAB/other"
put_kernel_key "$LAB/other"
locked 'another key'
{ head -c 16 "$LAB/payload" && head -c 32 /dev/urandom; } >"$LAB/other"
put_kernel_key "$LAB/other"
locked 'the right name, another key'
printf short >"$LAB/other"
put_kernel_key "$LAB/other"
locked 'a short key'
put_kernel_key "$LAB/payload"
for at in 0 8 15 16 40 87; do
  /usr/bin/python3 -c 'import sys
data = bytearray(open(sys.argv[1], "rb").read()); data[int(sys.argv[3])] ^= 1
open(sys.argv[2], "wb").write(data)' "$LAB/ticket" "$ticket" "$at"
  locked "the ticket altered at $at"
done
head -c 60 "$LAB/ticket" >"$ticket"
locked 'the ticket cut short'
cp "$LAB/ticket" "$ticket"
has a.example ada s3

# --- other sessions of this user
keyctl session - docker-credential-keyring get <<<a.example >"$LAB/answer" 2>"$LAB/noise" ||
  fail "another session: $(cat "$LAB/answer" "$LAB/noise")"
setsid --wait keyctl session - docker-credential-keyring get <<<a.example >"$LAB/answer" 2>"$LAB/noise" ||
  fail "another login: $(cat "$LAB/answer" "$LAB/noise")"

# --- lock: at once, everywhere, and twice is no fault
unlock_vault
key=$(kernel_key)
vault lock
exits 0 'vault lock'
equal 0 "$(tickets)" 'tickets after lock'
equal '' "$(kernel_key)" 'the key after lock'
locked 'after lock'
equal false "$(status .open)" open
vault lock
exits 0 'vault lock, locked'

# --- unlocked anew: one ticket, one key
unlock_vault
unlock_vault --for 2h
equal 1 "$(tickets)" 'tickets after two unlocks'
remaining=$(($(status .open_until) - $(date +%s)))
((remaining > 7000 && remaining <= 7200)) || fail "open_until: expected 2 hours from now, got $remaining s"
vault unlock --for 8d
((STATUS)) || fail 'vault unlock --for 8d: more than a week was granted'
vault unlock --for nonsense
exits 2 'vault unlock --for nonsense'

# --- a prompt opens it for a quarter of an hour
vault lock
call_at_terminal get a.example --answer 'pass one'
remaining=$(($(status .open_until) - $(date +%s)))
((remaining > 800 && remaining <= 900)) || fail "open_until: expected 15 minutes from now, got $remaining s"
# Use does not make it longer.
until=$(status .open_until)
has a.example ada s3
equal "$until" "$(status .open_until)" 'open_until after use'

# --- it ends by itself
vault lock
open_for() {
  unlock_vault --for "$1s"
  docker-credential-keyring get <<<a.example >"$LAB/answer" 2>&1
}
open_for 2 || open_for 20 || open_for 100 || fail 'not open at all' # a slow machine takes its time
closed() { ! docker-credential-keyring get <<<a.example; }
wait_until closed
locked 'expired'
equal false "$(status .open)" open
unlock_vault
equal 1 "$(tickets)" 'tickets, the expired one swept'

# --- a key is removed: a ticket from before, and its kernel key, open nothing
make_key_file "$LAB/other.key"
vault key add --key-file "$LAB/other.key"
exits 0 'key add'
ticket=$(find "$VAULT_FOLDER" -name 'open-*')
cp "$ticket" "$LAB/ticket"
keyctl pipe "$(kernel_key)" >"$LAB/payload"
at_terminal --may-end --answer 'pass one' -- docker-credential-keyring vault key remove "$(slot_of key-file)"
exits 0 'key remove'
vault lock
cp "$LAB/ticket" "$ticket"
put_kernel_key "$LAB/payload"
locked 'a ticket from before'
call_at_terminal get a.example --answer 'pass one'
equal 0 "$STATUS" 'exit of get, a ticket from before'
has a.example ada s3
