#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A failure at a system call of one side of a forward, by strace: what is got is right, not found, or an error; a store
# that answers 0 is at home; and a forward that lives on answers the next one.
#
#   EVERY  of how many points one is tried: 1 is all of them (5)
. "${BASH_SOURCE[0]%/*}/forward_lab.sh" || exit 1

make_vault_with_key
store reg.example ada secret-of-ada
every=${EVERY:-5} point=0 tried=0 right=0 missing=0 failed=0

# is_next: whether the next point is tried.
is_next() { ((point++ % every == 0)); }

# judge WHAT: the last call, a get of reg.example, gave what is there, or nothing, or an error.
judge() {
  tried=$((tried + 1))
  # Before there is a program.
  [[ $STATUS != 127 || $ERR != *'loading shared libraries'* ]] || return 0
  case $STATUS:$OUT in
  0:*'"Secret":"secret-of-ada"'*) right=$((right + 1)) ;;
  1:"$NOT_FOUND") missing=$((missing + 1)) ;;
  1:?*) failed=$((failed + 1)) ;;
  137:) ((1)) ;; # killed
  *) fail "$1: exit $STATUS, $OUT" ;;
  esac
}

# injected ACTION INJECTION: the program, with what is on stdin, and a fault at one of its calls.
injected() {
  LAST_CALL="$1 with $2" STATUS=0
  {
    timeout -k 5 "$LIMIT" strace -qq -o "$LAB/trace" -e "trace=${2%%:*}" -e "inject=$2" docker-credential-keyring "$1" \
      <"$LAB/in" >"$LAB/out" 2>"$LAB/err" || STATUS=$?
    OUT=$(<"$LAB/out") ERR=$(<"$LAB/err")
  } 2>"$LAB/noise"
}

# --- the far side
forward reg.example --allow-store
at_far
for call in socket connect getsockopt sendto recvfrom poll stat newfstatat; do
  for what in error=EIO error=EMFILE error=EINTR signal=KILL; do
    for when in 1 2 3 4; do
      is_next || continue
      echo reg.example >"$LAB/in"
      injected get "$call:$what:when=$when"
      judge "get, $call $what $when"
      credential reg.example ada "secret-$point" >"$LAB/in"
      injected store "$call:$what:when=$when"
      stored=$STATUS
      INPUT=/dev/null call get reg.example
      [[ $OUT == *'"secret-of-ada"'* || $OUT == *"\"secret-$point\""* ]] || fail "store, $call $what $when: $OUT"
      [[ $stored != 0 || $OUT == *"\"secret-$point\""* ]] || fail "a store that was not done: $call $what $when"
      store reg.example ada secret-of-ada
    done
  done
done
at_home
has reg.example ada secret-of-ada
run docker-credential-keyring forward --stop
forward_ends 0

listens_or_is_gone() { [[ -S $SOCKET ]] || forward_is_gone; }
forward_is_gone() { ! kill -0 "$FORWARD_PID"; }

# --- home: each of its processes fails at that call
for call in accept4 getsockopt recvfrom sendto pipe2 clone poll; do
  for error in EIO EMFILE EINTR; do
    for when in 1 2 4 9; do
      is_next || continue
      : >"$LAB/forward.log"
      start forward strace -f -qq -o "$LAB/trace" -e "trace=$call" -e "inject=$call:error=$error:when=$when" \
        docker-credential-keyring forward reg.example --for 1h
      FORWARD_PID=$STARTED
      wait_until listens_or_is_gone
      at_far
      call get reg.example
      judge "home, $call $error $when"
      at_home
      run docker-credential-keyring forward --stop
      wait_until forward_is_gone
    done
  done
done
# --- home, slow at each step: whoever ends, and whenever, is let go of
: >"$LAB/forward.log"
start forward strace -qq -o "$LAB/trace" -e trace=read -e inject=read:delay_enter=20000 \
  docker-credential-keyring forward reg.example --for 1h
FORWARD_PID=$STARTED
wait_until forward_has_begun
python3 - "$SOCKET" "$LIMIT" <<'ENDS' || fail 'the forward does not let go of who has ended'
import socket, sys, time
for pause in range(0, 120, 10):  # milliseconds
    one, other = (socket.socket(socket.AF_UNIX) for _ in range(2))
    for connection in one, other:
        connection.connect(sys.argv[1])
        connection.settimeout(int(sys.argv[2]))
    time.sleep(0.2)  # both have a process by now
    one.close()
    time.sleep(pause / 1000)
    other.shutdown(socket.SHUT_WR)
    assert other.recv(1) == b""
    other.close()
ENDS
run docker-credential-keyring forward --stop
wait_until forward_is_gone

forward reg.example
at_far
has reg.example ada secret-of-ada
printf '%s points, of which %s were tried: %s right, %s not found, %s errors\n' "$point" "$tried" "$right" "$missing" \
  "$failed"
((right && missing)) || fail 'the faults do nothing'
