#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A bus that starts the keyring itself, as desktops do: started locked, started in vain, never ready.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

# A bus that finds org.freedesktop.secrets in this service: Exec=$1.
start_bus_with() {
  mkdir -p "$LAB/services"
  printf '[D-BUS Service]\nName=org.freedesktop.secrets\nExec=%s\n' "$1" >"$LAB/services/secrets.service"
  sed "s|<listen>.*|&<servicedir>$LAB/services</servicedir>|" "$LAB_SOURCE/bus-without-services.conf" \
    >"$LAB/bus.conf"
  start_bus "$LAB/bus" "$LAB/bus.conf"
}

start_bus_with '/usr/bin/gnome-keyring-daemon --start --foreground --components=secrets'
answer_prompts ok
start_keyring pw1
store known.example ada s3
timeout -k 5 "$LIMIT" dbus-update-activation-environment GNOME_KEYRING_TEST_PROMPTER

gone() {
  kill -KILL "$KEYRING_PID"
  wait "$KEYRING_PID" 2>/dev/null || true
  rm -rf "$XDG_RUNTIME_DIR/keyring"
  wait_until not_owned
}
not_owned() { ! owned; }

gone
has_not stranger.example
owned || fail 'expected the bus to start the keyring'
call get known.example
failed_locked 'get, started locked'
prompts_are 0
may_ask
has known.example ada s3
prompts_are 1
end_process "$BUS_PID"

may_not_ask
settings '{"reply_timeout_s": 1}'
watch_waits
in_vain() {
  local limit=$2
  has_not stranger.example
  equal '' "$ERR" "stderr of get, $1"
  waited_at_most "$limit" "get, $1"
  call get known.example
  failed "get of a stored server, $1"
  waited_at_most "$limit" "get of a stored server, $1"
  call list
  equal 0 "$STATUS" "exit of list, $1"
  waited_at_most "$limit" "list, $1"
}
start_bus_with /bin/false
in_vain 'the service fails' 4000
end_process "$BUS_PID"
start_bus_with "/bin/sh -c 'echo \$\$ >>$LAB/sleepers; exec sleep 60'"
in_vain 'the service never comes' 4000
while read -r pid; do
  kill -KILL "$pid" || true
done <"$LAB/sleepers"
