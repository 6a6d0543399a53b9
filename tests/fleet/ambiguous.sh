#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The connection is cut when a write is in and its answer is not there yet: the write counts once, and what somebody
# else has stored since is not undone.
. "${BASH_SOURCE[0]%/*}/fleet_lab.sh" || exit 1

begin_fleet
# Of a vault that is larger than all that is sent for a handshake.
for i in 1 2 3; do login admin "pad$i.example" ada "$(printf '%03000d' "$i")"; done
cp -rp "$LAB/admin" "$LAB/far"
set_on far vault_at "etcd://127.0.0.4:2379$PREFIX"

# cut_at_write SERVER USERNAME: the far machine stores it; the connection is held back when that is in.
cut_at_write() {
  rm -f "$LAB/held" "$LAB/go"
  start proxy /usr/bin/python3 "$FLEET/cutting_proxy.py" 127.0.0.4:2379 127.0.0.1:2379 6000 "$LAB"
  PROXY=$STARTED
  wait_until grep -q ready "$LAB/proxy.log"
  FAR=0
  credential "$@" s3-of-far | HOME=$LAB/far timeout -k 5 "$LIMIT" docker-credential-keyring store >"$LAB/far.out" 2>&1 &
  FAR_PID=$!
  wait_until test -e "$LAB/held"
}
let_go() {
  touch "$LAB/go"
  wait "$FAR_PID" || FAR=$?
  equal 0 "$FAR" "exit of the store that was cut: $(<"$LAB/far.out")"
  end_process "$PROXY"
  : >"$LAB/proxy.log"
}
generation() {
  sync_on admin
  "$READER" header "$(copy_of admin)" | jq .generation
}

before=$(generation)
cut_at_write new.example ada
let_go
equal "$((before + 1))" "$(generation)" 'generation after one write that was cut'
answers admin new.example ada s3-of-far

cut_at_write new.example bob
login admin new.example eve s3-of-eve
let_go
equal "$((before + 3))" "$(generation)" 'generation after that, and another write'
answers admin new.example eve s3-of-eve

cut_at_write third.example cleo
login admin other.example eve s3-of-eve
let_go
answers admin other.example eve s3-of-eve
sync_on admin
answers admin third.example cleo s3-of-far

# --- it answers, that it does not know
start doubting /usr/bin/python3 "$FLEET/doubting_proxy.py" 127.0.0.4:2379 127.0.0.1:2379 "$CERTS" 6000
wait_until grep -q ready "$LAB/doubting.log"
before=$(generation)
login far fourth.example dora s3-of-far
grep -q doubted "$LAB/doubting.log" || fail 'no write was doubted'
equal "$((before + 1))" "$(generation)" 'generation after one write of which etcd did not know'
answers admin fourth.example dora s3-of-far
