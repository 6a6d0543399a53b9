#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# KeePassXC that asks, for its password or before each reading, and gets no answer; one that hangs; one that was
# ended. Its dialogs are modal: what is asked while one is up hangs as well.
. "${BASH_SOURCE[0]%/*}/keepassxc_lab.sh" || exit 1

make_database
start_bus
start_keepassxc pw1
wait_until opened
may_ask

# Each session is encrypted.
start monitor dbus-monitor --session "type='method_call',member='OpenSession'"
wait_until grep -q 'member=NameLost' "$LAB/monitor.log"
for ((i = 0; i < 3; i++)); do
  store a.example ada "s3 é $i"
  has a.example ada "s3 é $i"
done
seen_encrypted() { (($(grep -c 'string "dh-ietf1024' "$LAB/monitor.log") >= 6)); }
wait_until seen_encrypted
equal 0 "$(grep -c 'string "plain"' "$LAB/monitor.log" || true)" 'sessions in clear'
store a.example ada s3
end_process "$KEEPASSXC_PID"

all_fail() {
  for request in get erase; do
    forget_refusals
    call "$request" a.example
    failed "$request, $1"
  done
  forget_refusals
  call store "$(credential a.example eve u5)"
  failed "store, $1"
  call list
  equal '["a.example"]' "$(jq -c keys <"$LAB/out")" "servers, $1"
}

# Locked, and nobody answers its dialog.
settings '{"reply_timeout_s": 2, "prompt_timeout_s": 2}'
start_keepassxc ''
wait_until owned
all_fail 'locked, asking'
has_not stranger.example
kill -KILL "$KEEPASSXC_PID"
end_process "$KEEPASSXC_PID"

# It hangs.
start_keepassxc pw1
wait_until opened
kill -STOP "$KEEPASSXC_PID"
all_fail 'KeePassXC hangs'
has_not stranger.example
erase stranger.example
kill -KILL "$KEEPASSXC_PID"
end_process "$KEEPASSXC_PID"

# It has gone.
all_fail 'no KeePassXC'
has_not stranger.example

# It asks before a secret is read, and nobody answers.
sed -i 's/^ConfirmAccessItem=.*/ConfirmAccessItem=true/' "$HOME/.config/keepassxc/keepassxc.ini"
start_keepassxc pw1
wait_until opened
call get a.example
failed 'get, which is to be allowed'
kill -KILL "$KEEPASSXC_PID"
end_process "$KEEPASSXC_PID"

# Nothing of all this has changed what it holds.
sed -i 's/^ConfirmAccessItem=.*/ConfirmAccessItem=false/' "$HOME/.config/keepassxc/keepassxc.ini"
settings '{}'
start_keepassxc pw1
wait_until opened
has a.example ada s3
erase a.example
has_not a.example
