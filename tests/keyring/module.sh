#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The keyring part is two modules, neither linked into the program: one speaks to the keyring, by
# sd-bus, the other asks the user, by libsecret. Nothing of them is loaded where there is no bus,
# nothing of GLib where nobody is to be asked; and where one is missing, the program says so and how
# to cure it.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

: "${MODULE:?the keyring module}" "${OTHER_MODULE:?a module of another version}"
libraries='keyring\.so|keyring-libsecret\.so|libsystemd|libgcrypt|libsecret|libglib|libgio|libgobject'
asker=${MODULE%/*}/keyring-libsecret.so

# --- what the program links
ldd "$HELPER" >"$LAB/ldd"
if grep -E "$libraries" "$LAB/ldd" >&2; then fail 'the program links GLib'; fi
if grep -E 'libsecret|libglib' <(ldd "$MODULE") >&2; then fail 'keyring.so links GLib'; fi
grep -q libsystemd <(ldd "$MODULE") || fail 'expected libsystemd in what keyring.so links'
grep -q libsecret <(ldd "$asker") || fail 'expected libsecret in what keyring-libsecret.so links'

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
  [[ $OPENED == *keyring.so*libsystemd* ]] || fail "expected $call to load sd-bus, got $OPENED"
  [[ $OPENED != *libg[lio]* && $OPENED != *libsecret* ]] || fail "$call loads GLib: $OPENED"
done
lock_warm
opened get known.example
[[ $OPENED == *libgio*libglib*libsecret* ]] || fail "expected get to load libsecret, got $OPENED"
unlock
has known.example ada s3

# --- found beside the program, or where it is installed, whatever the folder at hand; nowhere else
mkdir -p "$LAB/alone"
alone=$LAB/alone/docker-credential-keyring
cp "$HELPER" "$alone"
# refused REASON: the module cannot be used, so neither can the keyring.
refused() {
  call_program "$alone" store "$(credential a.example bob t4)"
  failed "store, $1"
  [[ $OUT == 'the keyring module /'*'/keyring.so cannot be loaded: '*"$1"* ]] ||
    fail "store: expected why the module cannot be loaded, «$1», got «$OUT»"
  [[ $ERR == *hint:*install* ]] || fail "store: expected the cure, got «$ERR»"
  call_program "$alone" get stranger.example
  not_found "get, $1"
  [[ $ERR == *keyring.so*"$1"* && $ERR == *hint:*install* ]] ||
    fail "get: expected what is missing and its cure, got «$ERR»"
  call_program "$alone" erase stranger.example
  done_silently "erase, $1"
  call_program "$alone" get known.example
  failed "get of a stored server, $1"
  call_program "$alone" erase known.example
  failed "erase of a stored server, $1"
  call_program "$alone" list
  equal '{"known.example":""}' "$OUT" "list, $1"
  call_program "$alone" version
  equal 0 "$STATUS" 'exit of version'
}
ln -s "$MODULE" keyring.so
LD_LIBRARY_PATH=$PWD refused 'No such file'
ln -s "$OTHER_MODULE" "$LAB/alone/keyring.so"
refused 'another version'
echo nonsense >"$LAB/nonsense"
ln -sf "$LAB/nonsense" "$LAB/alone/keyring.so"
refused 'file too short'
ln -sf "$PROMPTER" "$LAB/alone/keyring.so"
refused 'cannot'

ln -sf "$MODULE" "$LAB/alone/keyring.so"
call_program "$alone" get known.example
equal s3 "$(jq -r .Secret <"$LAB/out")" 'secret, module beside the program'

# Without the other module all works but to ask.
call_program "$alone" store "$(credential a.example bob t4)"
done_silently 'store without keyring-libsecret.so'
lock_warm
call_program "$alone" store "$(credential a.example bob t4)"
failed 'store in a locked keyring without keyring-libsecret.so'
[[ $OUT == 'the keyring module /'*'/keyring-libsecret.so cannot be loaded: '* && $ERR == *hint:*install* ]] ||
  fail "store: expected what is missing and its cure, got «$OUT» «$ERR»"
ln -s "$asker" "$LAB/alone/keyring-libsecret.so"
call_program "$alone" store "$(credential a.example bob t4)"
failed_locked 'store in a locked keyring'
unlock

# Moved as a whole, to a prefix of any name.
cmake --install "$BUILD_DIR" --prefix "$LAB/prefix é" >"$LAB/install.log" 2>&1 ||
  fail "cmake --install: $(tail -c 1000 "$LAB/install.log")"
mv "$LAB/prefix é" "$LAB/moved"
call_program "$LAB/moved/bin/docker-credential-keyring" get known.example
equal s3 "$(jq -r .Secret <"$LAB/out")" 'secret, module where it is installed'
find "$LAB/moved" -name keyring.so -delete
call_program "$LAB/moved/bin/docker-credential-keyring" get stranger.example
not_found 'get, module removed'
[[ $ERR == *"$LAB/moved/lib"*/docker-credential-keyring/keyring.so* ]] ||
  fail "expected the path of the module, got «$ERR»"
