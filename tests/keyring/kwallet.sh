#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# KWallet as the keyring: it shows a wallet that the login has opened as locked until somebody asks, and while
# it is locked it still shows the items, with their attributes.
. "${BASH_SOURCE[0]%/*}/kwallet_lab.sh" || exit 1

start_kwallet_session
may_ask
has_not a.example
lists '{}'
store a.example ada 's3 é'
shows_locked false || fail 'the wallet is locked after a store'

# Each session is encrypted, whichever form its key has, and KWallet understands what it is sent.
start monitor dbus-monitor --session "type='method_call',member='OpenSession'"
wait_until grep -q 'member=NameLost' "$LAB/monitor.log"
for ((i = 0; i < 20; i++)); do
  store a.example ada "s3 é $i"
  has a.example ada "s3 é $i"
done
seen_encrypted() { (($(grep -c 'string "dh-ietf1024' "$LAB/monitor.log") >= 40)); }
wait_until seen_encrypted
equal 0 "$(grep -c 'string "plain"' "$LAB/monitor.log" || true)" 'sessions in clear'

store a.example bob t4
equal 1 "$(items server a.example)" 'items of a.example'
store b.example eve u5
lists '{"a.example": "bob", "b.example": "eve"}'
erase b.example
has_not b.example
erase stranger.example
has a.example bob t4
call doctor
[[ $OUT == *'keyring: KWallet, unlocked'* ]] || fail 'doctor does not know it'

locked_behaves() {
  may_not_ask
  call get a.example
  failed_locked "get, $1"
  call erase a.example
  failed_locked "erase, $1"
  call store "$(credential a.example eve u5)"
  failed_locked "store, $1"
  has_not stranger.example
  erase stranger.example
  call list
  equal '["a.example"]' "$(jq -c keys <"$LAB/out")" "servers, $1"

  # Nobody answers its dialog.
  may_ask
  settings '{"prompt_timeout_s": 2}'
  call get a.example
  failed "get, asking, $1"
  forget_refusals
  call store "$(credential a.example eve u5)"
  failed "store, asking, $1"
  forget_refusals
  settings '{}'
}

timeout -k 5 "$LIMIT" gdbus call --session -d org.freedesktop.secrets -o /org/freedesktop/secrets \
  -m org.freedesktop.Secret.Service.Lock "['$collection']" >"$LAB/lock.log"
shows_locked true || fail 'the wallet is not locked'
locked_behaves 'locked by hand'

# It hangs.
kill -STOP "$KEYRING_PID"
settings '{"reply_timeout_s": 1}'
for request in get erase; do
  call "$request" a.example
  failed "$request, KWallet hangs"
done
call store "$(credential a.example eve u5)"
failed 'store, KWallet hangs'
has_not stranger.example
call list
equal '["a.example"]' "$(jq -c keys <"$LAB/out")" 'servers, KWallet hangs'
settings '{}'
kill -CONT "$KEYRING_PID"
end_process "$KEYRING_PID"

# Started anew, and not by a login.
start_kwallet
locked_behaves 'not opened yet'
end_process "$KEYRING_PID"

# Nothing of all this has changed what it holds.
start_kwallet unlocked
may_ask
has a.example bob t4
erase a.example
lists '{}'
