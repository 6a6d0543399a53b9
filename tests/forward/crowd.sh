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

# --- good ones alone, more at once than there are places; and more of those that take no answer
printf '{"ServerURL": "large.example", "Username": "ada", "Secret": "%0500000d"}\n' 0 >"$LAB/large"
INPUT=$LAB/large run docker-credential-keyring store
exits 0 'store of a large secret'
forward --all
cat >"$LAB/at_once.py" <<'AT_ONCE'
import select, socket, struct, sys
def ask(server, count):
    request = struct.pack("<I", len(server)) + server
    connections = [socket.socket(socket.AF_UNIX) for _ in range(count)]
    for connection in connections:
        connection.connect(sys.argv[1])
        connection.sendall(b"dckf\1\1\0\0" + struct.pack("<I", len(request)) + request)
    return connections
for _ in range(int(sys.argv[3])):
    for connection in ask(b"reg.example", 100):
        answer = b""
        while chunk := connection.recv(4096):
            answer += chunk
        assert b"secret-of-ada" in answer, answer
        connection.close()
taken_by_none = ask(b"large.example", 48)
open(sys.argv[2], "w").close()
while True:
    ended = select.poll()
    for connection in taken_by_none:
        ended.register(connection, select.POLLRDHUP)
    gone = {descriptor for descriptor, _ in ended.poll()}
    for connection in [one for one in taken_by_none if one.fileno() in gone]:
        taken_by_none.remove(connection)
        connection.close()
        taken_by_none += ask(b"large.example", 1)
AT_ONCE
start at_once python3 "$LAB/at_once.py" "$SOCKET" "$LAB/asked" "$((${TIME:-6} * 4))"
at_once=$STARTED
has_asked_or_ended() { [[ -e $LAB/asked ]] || ! kill -0 "$at_once"; }
wait_until has_asked_or_ended
[[ -e $LAB/asked ]] || fail "a hundred at once: $(<"$LAB/at_once.log")"
at_far
answers() { call get reg.example && [[ $STATUS == 0 && $OUT == *secret-of-ada* ]]; }
wait_until answers
at_home
logged 'Broken pipe' # of whom the forward ended, which would end by time else, with another word
end_process "$at_once"
run docker-credential-keyring forward --stop
forward_ends 0
