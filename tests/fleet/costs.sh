#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a shared vault costs: a get of the copy next to one of a vault of this machine, in instructions; what an unchanged
# sync sends and gets.
. "${BASH_SOURCE[0]%/*}/fleet_lab.sh" || exit 1

begin_fleet
join_node one
cp -rp "$LAB/one" "$LAB/alone"
on alone docker-credential-keyring vault leave
exits 0 leave
echo a.example >"$LAB/asked"
# instructions MACHINE: of a get there, the second of two.
instructions() {
  INPUT=$LAB/asked HOME=$LAB/$1 work get
  INPUT=$LAB/asked HOME=$LAB/$1 work get
  equal 0 "$STATUS" "get on $1"
  echo "$WORK"
}
shared=$(instructions one)
alone=$(instructions alone)
printf 'get: %s instructions of a copy, %s of a vault of this machine\n' "$shared" "$alone"
# Most of a call's time is the start of a process; of the rest, settings.json says more here.
at_most $((alone * 110 / 100)) "$shared" 'instructions of a get of a copy'

# All that goes over the connection, handshakes included.
traced -e trace=read,recvfrom,recvmsg,write,sendto,sendmsg -e signal=none -yy -- \
  env HOME="$LAB/one" docker-credential-keyring vault sync
exits 0 sync
bytes=$(awk '/<TCP/ && match($0, / = [0-9]+$/) { sum += substr($0, RSTART + 3) } END { print sum + 0 }' "$LAB/trace")
printf 'sync: %s bytes\n' "$bytes"
((bytes > 0)) || fail 'nothing was seen of the connection'
at_most 4096 "$bytes" 'bytes of an unchanged sync'

# --- the time of it, beside a raw client; where ROUNDS are enough to tell, the bounds count
cc -O2 "$FLEET/raw_client.c" -o "$LAB/raw_client" -lcurl
vault=$(copy_of one)
beside=0
python3 "$FLEET/costs.py" "${ROUNDS:-3}" "${THOUSAND:-5}" "$LAB/raw_client" https://127.0.0.1:2379/etcdserverpb.KV/Txn \
  "$CERTS/ca.pem" "$CERTS/admin.pem" "$CERTS/admin.key" "$LAB" "$PREFIX" "$vault" >"$LAB/costs" || beside=$?
cat "$LAB/costs"
at_most 1 "$beside" 'exit of what compares'
((!beside || ${ROUNDS:-3} < 100)) || fail 'a bound does not hold'
