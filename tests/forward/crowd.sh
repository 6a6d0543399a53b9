#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A crowd before a forward: the silent, the slow, the garbled and the huge keep nobody else from an answer, and the
# memory of the one that listens stays what it was.
#
#   TIME     how many seconds (6)
#   CLIENTS  how many ask all the time (6)
. "${BASH_SOURCE[0]%/*}/forward_lab.sh" || exit 1

make_vault_with_key
store reg.example ada secret-of-ada
forward reg.example
nobody_left() { [[ -z $(pgrep -P "$FORWARD_PID") ]]; }
memory() { awk '/^VmRSS/ { print $2 }' "/proc/$FORWARD_PID/status"; }

at_far
# The index names it from now on, so that it is told where home is late.
has reg.example ada secret-of-ada
"$FORWARD/crowd.py" "$SOCKET" 2 2 >"$LAB/noise" || fail "a crowd: $(<"$LAB/noise")"
before=$(memory)
"$FORWARD/crowd.py" "$SOCKET" "${TIME:-6}" "${CLIENTS:-6}" | tee "$LAB/counts" || fail 'a wrong answer in the crowd'
printf 'the one that listens: %s KiB, and then %s\n' "$before" "$(memory)"
at_most $((before + 512)) "$(memory)" 'KiB of the one that listens'
has reg.example ada secret-of-ada
wait_until nobody_left
# Ten, and one that counts the rest.
most=$(cut -d ' ' -f 1,2 "$LAB/forward.log" | sort | uniq -c | sort -rn | awk 'NR == 1 { print $1 }')
at_most 11 "$most" 'lines of the log in a second'
at_home
run docker-credential-keyring forward --stop
forward_ends 0
