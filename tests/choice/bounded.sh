#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which store: deciding is cheap and bounded. Without a bus no part of GLib is loaded; a stale socket, a
# bus that never speaks, no provider, an activation that hangs, a keyring that is locked with nobody to
# ask: the vault, after two seconds of waiting altogether.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

make_vault_with_key
store known.example ada s3
bound=2000
watch_waits

count=0
# vault_answers WHAT: all verbs, none waits for long; those that change nothing beside each other.
vault_answers() {
  local new=s$((++count)).example call pids=()
  has known.example ada s3
  waited_at_most "$bound" "get, $1"
  silent "get, $1"
  store "$new" bob t4
  waited_at_most "$bound" "store, $1"
  equal '["bob","t4"]' "$(dump ".credentials[\"$new\"] | [.username, .secret]")" "in the vault, $1"
  for call in 'get stranger.example 1' 'list unused 0' 'erase stranger.example 0'; do
    # shellcheck disable=SC2086 # three words
    bounded $call &
    pids+=($!)
  done
  for call in "${pids[@]}"; do wait "$call" || fail "$1: a call waited too long, or ended otherwise"; done
  equal "$NOT_FOUND" "$(<"$LAB/out.get")" "get of a stranger, $1"
  equal ada "$(jq -r '.["known.example"]' "$LAB/out.list")" "list, $1"
  equal '' "$(<"$LAB/out.erase")" "erase of a stranger, $1"
}
# bounded ACTION STDIN STATUS
bounded() {
  local status=0 WAITS=$LAB/waits.$1 WATCH
  watch_waits
  timeout -k 5 "$LIMIT" "${WATCH[@]}" docker-credential-keyring "$1" <<<"$2" >"$LAB/out.$1" 2>"$LAB/err.$1" || status=$?
  waited_at_most "$bound" "$1 $2"
  equal "$3" "$status" "exit of $1 $2"
}

# loads_nothing ACTION STDIN: no library that speaks to a keyring.
loads_nothing() {
  printf '%s' "$2" >"$LAB/request"
  INPUT=$LAB/request traced -e trace=openat,open -- docker-credential-keyring "$1"
  grep -q 'libc\.so' "$LAB/trace" || fail 'strace saw nothing'
  ! grep -E 'lib(systemd|gcrypt|glib|gio|gobject|secret|dbus)' "$LAB/trace" \
    >"$LAB/loaded" || fail "$1 ${2:0:40}, no bus: it loads $(clip "$LAB/loaded")"
}

vault_answers 'no bus'
for call in 'get known.example' 'get stranger.example' 'list ' 'erase stranger.example'; do
  loads_nothing "${call%% *}" "${call#* }"
done
loads_nothing store "$(credential z.example zoe w7)"
DISPLAY=:4711 vault_answers 'no bus, a display'

# --- a socket that nobody listens on
DBUS_SESSION_BUS_ADDRESS=unix:path=$LAB/nothing vault_answers 'no socket'
/usr/bin/python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$LAB/stale"
DBUS_SESSION_BUS_ADDRESS=unix:path=$LAB/stale vault_answers 'a stale socket'
cp -a "$LAB/stale" "$XDG_RUNTIME_DIR/bus"
vault_answers 'a stale socket in the runtime folder'
rm "$XDG_RUNTIME_DIR/bus"
DBUS_SESSION_BUS_ADDRESS=nonsense vault_answers 'no address'

# --- one that accepts, and never speaks
start listener /usr/bin/python3 -c '
import socket, sys, time
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(50)
time.sleep(600)' "$LAB/silent"
wait_until test -S "$LAB/silent"
DBUS_SESSION_BUS_ADDRESS=unix:path=$LAB/silent vault_answers 'a bus that never speaks'

# --- a bus without a keyring, and keyrings that do not answer
start_bus "$LAB/bus1"
vault_answers 'no provider'
start_fake --silent all
vault_answers 'a provider that never answers'
stop_fake
start_fake --no-collection --create refused
vault_answers 'a provider without a collection'
stop_fake
start_fake --locked
vault_answers 'locked, nobody to ask'
calls_are 0 Prompt.Prompt
stop_fake
end_process "$BUS_PID"

# --- activation that fails, and that hangs
start_bus_with() {
  mkdir -p "$LAB/services"
  printf '[D-BUS Service]\nName=org.freedesktop.secrets\nExec=%s\n' "$1" >"$LAB/services/secrets.service"
  sed "s|<listen>.*|&<servicedir>$LAB/services</servicedir>|" "$LAB_SOURCE/bus-without-services.conf" \
    >"$LAB/bus.conf"
  start_bus "$2" "$LAB/bus.conf"
}
start_bus_with /bin/false "$LAB/bus2"
vault_answers 'activation fails'
end_process "$BUS_PID"
start_bus_with "/bin/sh -c 'echo \$\$ >>$LAB/sleepers; exec sleep 60'" "$LAB/bus3"
vault_answers 'activation hangs'
end_process "$BUS_PID"
while read -r pid; do
  kill -KILL "$pid" 2>/dev/null || true
done <"$LAB/sleepers"
