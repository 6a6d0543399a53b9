#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The program is one file. What speaks to a keyring, libsystemd and libgcrypt, and what asks the user,
# libsecret with GLib, is linked by none of it, but loaded at run time: nothing where there is no bus,
# nothing of GLib where nobody is to be asked. Where a library is missing, broken or too old, the program
# says so and what to do about it.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

: "${OLD_LIBRARY:?a library with hardly a function in it}"
libraries='libsystemd|libgcrypt|libsecret|libglib|libgio|libgobject'

# --- what the program links
ldd "$HELPER" >"$LAB/ldd"
if grep -E "$libraries" "$LAB/ldd" >&2; then fail 'the program links a library of the keyring'; fi

# --- what it loads
# opened ACTION [STDIN]: $OPENED are the libraries that the call opens.
opened() {
  printf '%s' "${2-}" |
    strace -f -e trace=open,openat -o "$LAB/trace" timeout -k 5 "$LIMIT" "$HELPER" "$1" \
      >"$LAB/out" 2>"$LAB/err" || true
  grep -q '^[0-9]* *+++ exited' "$LAB/trace" || fail "strace saw nothing of $1"
  OPENED=$({ grep -oE "$libraries" "$LAB/trace" || [[ $? == 1 ]]; } | sort -u | tr '\n' ' ')
}
loads_nothing() {
  opened get known.example
  equal '' "$OPENED" "loaded by get, $1"
  opened store "$(credential a.example ada s3)"
  equal '' "$OPENED" "loaded by store, $1"
  opened erase a.example
  equal '' "$OPENED" "loaded by erase, $1"
  opened list
  equal '' "$OPENED" "loaded by list, $1"
}
loads_nothing 'no bus'
DBUS_SESSION_BUS_ADDRESS=autolaunch: loads_nothing 'a bus that would have to be launched'
DBUS_SESSION_BUS_ADDRESS=unix:path=$LAB/nothing loads_nothing 'no socket'
for action in version --help; do
  opened "$action"
  equal '' "$OPENED" "loaded by $action"
done

start_session
store known.example ada s3
for call in 'get known.example' 'get stranger.example' list 'erase known.example' \
  "store $(credential known.example ada s3)"; do
  opened "${call%% *}" "${call#* }"
  [[ $OPENED == *libsystemd* ]] || fail "expected $call to load sd-bus, got $OPENED"
  [[ $OPENED != *libg[lio]* && $OPENED != *libsecret* ]] || fail "$call loads GLib: $OPENED"
done
lock_warm
opened get known.example
[[ $OPENED == *libgio*libglib*libsecret* ]] || fail "expected get to load libsecret, got $OPENED"
unlock
has known.example ada s3

# --- where one cannot be loaded
mkdir "$LAB/alone" "$LAB/libraries"
alone=$LAB/alone/docker-credential-keyring
# without LIBRARY: $alone is a copy of the program that asks for a library of another name instead.
without() { LC_ALL=C sed "s/${1//./\\.}/${1%?}9/g" "$HELPER" >"$alone"; }
cp "$HELPER" "$alone"
chmod 0755 "$alone"

# refused LIBRARY REASON: it cannot be loaded, so the keyring cannot be used.
refused() {
  call_program "$alone" store "$(credential a.example bob t4)"
  failed "store, $1, $2"
  [[ $OUT == "the library $1 cannot be loaded: "*"$2"* ]] ||
    fail "store: expected why $1 cannot be loaded, «$2», got «$OUT»"
  [[ $ERR == *hint:*install* ]] || fail "store: expected what to do, got «$ERR»"
  call_program "$alone" get stranger.example
  not_found "get, $1, $2"
  equal '' "$ERR" "stderr of get where the index knows all, $1"
  mv "$(index_file)" "$LAB/index.away"
  call_program "$alone" get stranger.example
  mv "$LAB/index.away" "$(index_file)"
  not_found "get without an index, $1, $2"
  [[ $ERR == *"$1"*"$2"* && $ERR == *hint:*install* ]] ||
    fail "get: expected what is missing and what to do, got «$ERR»"
  call_program "$alone" erase stranger.example
  done_silently "erase, $1, $2"
  call_program "$alone" get known.example
  failed "get of a stored server, $1, $2"
  call_program "$alone" erase known.example
  failed "erase of a stored server, $1, $2"
  call_program "$alone" list
  equal '{"known.example":""}' "$OUT" "list, $1, $2"
  call_program "$alone" version
  equal 0 "$STATUS" 'exit of version'
}
without libsystemd.so.0
refused libsystemd.so.9 'No such file'
without libgcrypt.so.20
refused libgcrypt.so.29 'No such file'
cp "$HELPER" "$alone"
export LD_LIBRARY_PATH=$LAB/libraries
echo nonsense >"$LAB/libraries/libsystemd.so.0"
refused libsystemd.so.0 'file too short'
cp "$OLD_LIBRARY" "$LAB/libraries/libsystemd.so.0"
refused libsystemd.so.0 'it is too old, it has no function sd_bus_set_address'
rm "$LAB/libraries/libsystemd.so.0"

# Without libsecret all works but to ask.
# cannot_ask LIBRARY REASON
cannot_ask() {
  call_program "$alone" store "$(credential a.example bob t4)"
  done_silently "store, $1, $2"
  lock_warm
  call_program "$alone" store "$(credential a.example bob t4)"
  failed "store in a locked keyring, $1, $2"
  [[ $OUT == "the library $1 cannot be loaded: "*"$2"* && $ERR == *hint:*install* ]] ||
    fail "store: expected what is missing and what to do, got «$OUT» «$ERR»"
  unlock
}
cp "$OLD_LIBRARY" "$LAB/libraries/libsecret-1.so.0"
cannot_ask libsecret-1.so.0 'it is too old, it has no function secret_service_get_type'
unset LD_LIBRARY_PATH
without libsecret-1.so.0
cannot_ask libsecret-1.so.9 'No such file'

# --- one file: a copy of it, and what is installed and then moved, has its keyring
cp "$HELPER" "$alone"
call_program "$alone" get known.example
equal s3 "$(jq -r .Secret <"$LAB/out")" 'secret, by a copy of the program'
lock_warm
call_program "$alone" store "$(credential a.example bob t4)"
failed_locked 'store in a locked keyring, by a copy of the program'
unlock
cmake --install "$BUILD_DIR" --prefix "$LAB/prefix é" >"$LAB/install.log" 2>&1 ||
  fail "cmake --install: $(tail -c 1000 "$LAB/install.log")"
mv "$LAB/prefix é" "$LAB/moved"
call_program "$LAB/moved/bin/docker-credential-keyring" get known.example
equal s3 "$(jq -r .Secret <"$LAB/out")" 'secret, by the installed program'
equal '' "$(find "$LAB/moved" -name '*.so*')" 'libraries installed'
