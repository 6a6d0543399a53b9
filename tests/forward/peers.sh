#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Another user is not answered, unless --uid names him; and a socket of another user's is not asked, unless socket_uid
# does.
. "${BASH_SOURCE[0]%/*}/forward_lab.sh" || exit 1
((EUID == 0)) || {
  echo "${0##*/}: needs root, to be another user" >&2
  exit 1
}

make_vault_with_key
store reg.example ada secret-of-ada
chmod 0711 "$LAB"
# as_bob COMMAND…: another user, at a far side of his own.
mkdir -m 0700 "$LAB/bob"
cp "$HELPER" "$LAB/helper"
chown 7002:7002 "$LAB/bob"
as_bob() {
  run setpriv --reuid 7002 --regid 7002 --clear-groups env HOME="$LAB/bob" XDG_RUNTIME_DIR="$LAB/bob" \
    DOCKER_CREDENTIAL_KEYRING_SOCKET="$shared/socket" "$@" "$LAB/helper" get
}
echo reg.example >"$LAB/server"
INPUT=$LAB/server
shared=$LAB/shared
mkdir -m 0711 "$shared"

forward reg.example --socket "$shared/socket"
chmod 0666 "$shared/socket" # as somebody may who means well
as_bob DOCKER_CREDENTIAL_KEYRING_SOCKET_UID=0
not_found 'bob, who is not named'
run setpriv --reuid 7002 --regid 7002 --clear-groups env HOME="$LAB/bob" XDG_RUNTIME_DIR="$LAB/bob" \
  DOCKER_CREDENTIAL_KEYRING_SOCKET_UID=0 DOCKER_CREDENTIAL_KEYRING_SOCKET="$shared/socket" "$LAB/helper" doctor
says 'this forward answers uid 0 alone, and not uid 7002'
logged 'uid 7002, helper'
run docker-credential-keyring forward --stop
forward_ends 0

forward reg.example --socket "$shared/socket" --uid 7002
equal 666 "$(stat -c %a "$shared/socket")" 'the mode of a socket for another user'
as_bob A=b
jq -e '.Secret == "secret-of-ada"' "$LAB/out" >"$LAB/verdict" || fail "bob, who is named: $OUT $ERR"
logged 'given: "reg.example"'
run docker-credential-keyring forward --stop
forward_ends 0

# --- a planted socket: bob's, who would give root a login of his own
cat >"$LAB/planted.py" <<'PLANTED'
import os, socket, struct, sys
os.setresgid(7002, 7002, 7002)
os.setresuid(7002, 7002, 7002)
listening = socket.socket(socket.AF_UNIX)
listening.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o666)
listening.listen(8)
fields = b"".join(struct.pack("<I", len(f)) + f for f in (b"reg.example", b"bob", b"of-bob"))
while True:
    asked = listening.accept()[0]
    print("asked", flush=True)
    try:
        asked.recv(4096)
        asked.sendall(b"dckf\1" + bytes([65, 0, 0]) + struct.pack("<I", len(fields)) + fields)
    except OSError:
        print("and left", flush=True)
    asked.close()
PLANTED
start planted python3 "$LAB/planted.py" "$LAB/bob/planted"
wait_until test -S "$LAB/bob/planted"
at_far_of "$LAB/bob/planted"
run docker-credential-keyring get
not_found 'a planted socket'
run docker-credential-keyring doctor
says 'belongs to uid 7002, and is not asked'
! grep -q asked "$LAB/planted.log" || fail 'a planted socket was asked'
settings '{"socket_uid": 7002}'
run docker-credential-keyring get
exits 0 'a socket of a user who is named'
grep -q of-bob "$LAB/out" || fail "a socket of a user who is named: $OUT"
# The file may be anybody's who is trusted: who listens has to be, too.
settings '{}'
chown root "$LAB/bob/planted"
run docker-credential-keyring get
not_found 'a socket of root, where another user listens'
run docker-credential-keyring doctor
says 'uid 7002 listens at'
