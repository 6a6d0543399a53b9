#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Who may listen, and who may ask: a second forward is refused, what a killed one left is replaced, --status and --stop
# know them all, a planted socket is not asked, and another user is not answered.
. "${BASH_SOURCE[0]%/*}/forward_lab.sh" || exit 1

make_vault_with_key
store reg.example ada secret-of-ada
forward reg.example --for 1h

# --- a second one, and what is known of the first
run docker-credential-keyring forward reg.example
exits 1 'a second forward'
[[ $ERR == *"another forward answers there, process $FORWARD_PID, for reg.example"* ]] || fail "a second one: $ERR"
run docker-credential-keyring forward --status --json
exits 0 'forward --status --json'
jq -e --arg socket "$SOCKET" --argjson pid "$FORWARD_PID" '.version == 1 and (.forwards | length == 1) and
  (.forwards[0] | .socket == $socket and .pid == $pid and .servers == ["reg.example"] and .allows_store == false)' \
  "$LAB/out" >"$LAB/verdict" || fail "status: $OUT"
equal '' "$(find "${SOCKET%/*}" -mindepth 1 ! -name socket)" 'beside the socket'
equal 600 "$(stat -c %a "$SOCKET")" 'the mode of the socket'
equal 700 "$(stat -c %a "${SOCKET%/*}")" 'the mode of its folder'

# --- killed, and begun again
kill -KILL "$FORWARD_PID"
forward_ends 137
[[ -S $SOCKET ]] || fail 'a killed forward leaves its socket'
run docker-credential-keyring forward --status
says 'no forward runs'
forward reg.example
first=$FORWARD_PID
start second docker-credential-keyring forward --all --socket "$LAB/second"
second=$STARTED
wait_until test -S "$LAB/second"
run docker-credential-keyring forward --status
equal 3 "$(wc -l <"$LAB/out")" 'lines of --status'
run docker-credential-keyring forward --stop --socket "$LAB/second"
exits 0 'forward --stop --socket'
wait "$second"
[[ ! -e $LAB/second && -S $SOCKET ]] || fail 'the other one was stopped'
kill -HUP "$first"
FORWARD_PID=$first forward_ends 0
[[ ! -e $SOCKET ]] || fail 'a signal leaves the socket'

# --- a forward that is seen, and whose process is not: nobody is signalled in its place
forward --all reg.example --socket "$LAB/run/s"
run docker-credential-keyring forward --status
says 'all servers, and reg.example'
run unshare --pid --fork --mount-proc docker-credential-keyring forward --stop
exits 3 'forward --stop in another PID namespace'
says 'cannot be seen from here'
kill -0 "$FORWARD_PID" || fail 'it was ended all the same'
python3 - "$LAB/run/s.lock" >"$LAB/noise" 2>&1 <<'LOCK' &
import fcntl, os, struct, sys, time
os.unlink(sys.argv[1])
fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
os.write(fd, b'{"socket": "/", "servers": []}')
fcntl.fcntl(fd, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))  # F_OFD_SETLK, of nobody
open(sys.argv[1] + ".there", "w").close()
time.sleep(600)
LOCK
forger=$!
wait_until test -e "$LAB/run/s.lock.there"
run docker-credential-keyring forward --stop
exits 3 'forward --stop with a lock of nobody'
kill "$forger"
kill "$FORWARD_PID"
forward_ends 0

# --- the user service, which systemd is told of once it answers, at a path or by an abstract name
read -ra served < <(sed -n 's|^ExecStart=/usr/bin/||p' \
  "$SOURCE_DIR/packaging/systemd/user/docker-credential-keyring-forward@.service")
# started_by_systemd NAME KIND: socat's KIND of a socket.
started_by_systemd() {
  : >"$LAB/notified"
  start systemd socat -u "$2:${1#@}" "OPEN:$LAB/notified"
  wait_until grep -q " $1\$" /proc/net/unix
  start service env NOTIFY_SOCKET="$1" "${served[@]//%I/reg.example}"
  FORWARD_PID=$STARTED
  wait_until grep -qx READY=1 "$LAB/notified"
  run docker-credential-keyring forward --status
  says "$SOCKET" reg.example
  kill "$FORWARD_PID"
  forward_ends 0
}
started_by_systemd "$LAB/notify" UNIX-RECV
started_by_systemd "@$LAB/notify" ABSTRACT-RECV

# --- what is in the way is not removed
echo precious >"$LAB/precious"
run docker-credential-keyring forward reg.example --socket "$LAB/precious"
exits 1 'a forward in the place of a file'
equal precious "$(<"$LAB/precious")" 'the file'
start listener socat "UNIX-LISTEN:$LAB/else,fork" 'EXEC:cat'
wait_until test -S "$LAB/else"
run docker-credential-keyring forward reg.example --socket "$LAB/else"
exits 1 'a forward where something else listens'
says 'something else listens there'
mkdir -m 0777 "$LAB/open"
run docker-credential-keyring forward reg.example --socket "$LAB/open/socket"
exits 1 'a forward in a folder of others'
says 'others may put another socket there'
run docker-credential-keyring forward reg.example --socket "$LAB/$(printf 'x%.0s' {1..100})"
exits 2 'a path that is too long'
says '107 bytes'
XDG_RUNTIME_DIR=$LAB/none run docker-credential-keyring forward reg.example
exits 1 'no runtime folder'
says --socket
for row in '' '--all --for 8d' '--status reg.example' '--uid 65534 --all' '--uid x --all' '--status --stop' \
  '--status --for 1h' '--print-ssh h --remote-socket rel' '--print-ssh h --remote-socket /a:b' \
  '--print-ssh=-oProxyCommand=x --remote-socket /a'; do
  read -ra words <<<"$row"
  run docker-credential-keyring forward "${words[@]}"
  exits 2 "forward $row"
done

# --- the time over
forward reg.example --for 1s
forward_ends 0
[[ ! -e $SOCKET ]] || fail 'the time is over, and the socket is still there'
