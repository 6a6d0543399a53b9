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

# By another process for the same user, too: KeePassXC itself would not end that.
store a.example ada s1
store a.example ada s2
has a.example ada s2
equal 1 "$(items server a.example)" 'items of a.example'
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
wait_until closed
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

# Nothing of all this has taken it away. KeePassXC saves a little later than it answers, and may not do so when
# it is ended: which of the two secrets it has is not said.
sed -i 's/^ConfirmAccessItem=.*/ConfirmAccessItem=false/' "$HOME/.config/keepassxc/keepassxc.ini"
settings '{}'
start_keepassxc pw1
wait_until opened
call get a.example
equal 0 "$STATUS" 'exit of get'
equal ada "$(jq -r .Username <"$LAB/out")" 'the user'
erase a.example
has_not a.example
