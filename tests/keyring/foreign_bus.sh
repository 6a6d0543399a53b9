#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# DBUS_SESSION_BUS_ADDRESS leads to what is not this user's: another user's socket without a file, or no
# socket of this machine. Nothing is sent there, and docker is told.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

((EUID == 0)) || fail 'this needs root, to become another user'
# Answers as a bus does to the first words, and writes down all that it gets.
cat >"$LAB/listener.py" <<'END'
import os, socket, sys, threading
got = open(sys.argv[2], "ab", 0)
os.setgid(65534)
os.setuid(65534)
listener = socket.socket(socket.AF_UNIX)
listener.bind("\0" + sys.argv[1])
listener.listen(50)
def serve(peer):
    while data := peer.recv(65536):
        got.write(data)
        if b"AUTH" in data: peer.send(b"OK 0123456789abcdef0123456789abcdef\r\n")
        if b"NEGOTIATE_UNIX_FD" in data: peer.send(b"AGREE_UNIX_FD\r\n")
print("listens", flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
END
name=$LAB/bus-of-another
start listener /usr/bin/python3 "$LAB/listener.py" "$name" "$LAB/got"
wait_until grep listens "$LAB/listener.log"

sends_nothing() {
  call store "$(credential reg.example ada secret-of-ada)"
  failed "store, $1"
  [[ $OUT == *"$2"* ]] || fail "store, $1: expected «$2», got «$OUT»"
  call get reg.example
  [[ $STATUS == 1 ]] || fail "get, $1: expected 1, got $STATUS"
  call list
  ! grep -a 'secret-of-ada\|reg.example' "$LAB/got" >"$LAB/noise" || fail "$1: something was sent"
}

export DBUS_SESSION_BUS_ADDRESS=unix:abstract=$name
sends_nothing 'a socket without a file' 'belongs to another user'
DBUS_SESSION_BUS_ADDRESS="unix:guid=0123456789abcdef0123456789abcdef,abstract=$name" \
  sends_nothing 'keys in another order' 'belongs to another user'
for address in tcp:host=127.0.0.1,port=1 "unix:path=$LAB/none;nonce-tcp:host=127.0.0.1,port=1" \
  unixexec:path=/bin/true; do
  export DBUS_SESSION_BUS_ADDRESS=$address
  sends_nothing "$address" 'only unix:'
done
