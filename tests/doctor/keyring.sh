#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The bus and the keyring: which one it is, whether it answers, whether it protects anything, what lies
# in it twice.
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

ours

# --- the bus: an address that leads nowhere, a bus that is stopped, a bus without a keyring
export DBUS_SESSION_BUS_ADDRESS=unix:path=$LAB/nothing
mended bus-unusable warning "$LAB/nothing"
start_bus
chown "$OTHER" "$LAB/bus"
mended bus-unusable warning 'another user'
export DBUS_SESSION_BUS_ADDRESS=unix:path=$LAB/bus
chown "$EUID" "$LAB/bus"
finds no-store problem
equal '' "$(fact .keyring.provider)" provider
settings '{"reply_timeout_s": 1}' # which doctor keeps to
kill -STOP "$BUS_PID"
EXPOSED=no-store mended bus-silent problem
kill -CONT "$BUS_PID"
export DBUS_SESSION_BUS_ADDRESS=unix:path=$LAB/bus
finds_not bus-silent
rm -r "$HOME/.config/docker-credential-keyring"
end_process "$BUS_PID"

# one that starts a keyring when it is called, which doctor does not do
mkdir "$LAB/services"
printf '[D-BUS Service]\nName=org.freedesktop.secrets\nExec=%s\n' \
  "/usr/bin/touch $LAB/started" >"$LAB/services/secrets.service"
sed "s|<listen>.*|&<servicedir>$LAB/services</servicedir>|" "$LAB_SOURCE/bus-without-services.conf" >"$LAB/bus.conf"
start_bus "$LAB/bus" "$LAB/bus.conf"
may_ask
healthy 'a keyring that the bus would start'
equal true "$(fact .keyring.starts_when_called)" 'starts when called'
may_not_ask
[[ ! -e $LAB/started ]] || fail 'doctor started a keyring'
end_process "$BUS_PID"

# one that forbids us to speak to it
start_bus
start_fake
healthy 'a service that is no known one'
[[ $(fact .keyring.provider) == python3* ]] || fail 'expected the name of its program'
stop_fake
end_process "$BUS_PID"
sed 's|<policy context="default">|&<deny send_interface="org.freedesktop.Secret.Service"/>|;
  s|\(<allow send_destination="\*"[^>]*>\)|\1<deny send_interface="org.freedesktop.Secret.Service"/>|' \
  "$LAB_SOURCE/bus-without-services.conf" >"$LAB/deny.conf"
start_bus "$LAB/bus" "$LAB/deny.conf"
start_fake
finds keyring-failed problem
stop_fake
end_process "$BUS_PID"

# --- gnome-keyring
start_session
store a.example ada word-one
printf '%s\n' word-one word-two >>"$LAB/secrets"
healthy open

# locked: fine, and said; not in reach: named
lock_warm
examine
found keyring-locked info
found no-store problem
equal true "$(fact .keyring.locked)" locked
may_ask
healthy 'locked, with somebody to ask'
may_not_ask
unlock

# two logins for one server, by another program
next_second
printf word-two | secret-tool store --label x server a.example username bob docker_cli 1 \
  xdg:schema io.docker.Credentials
equal 2 "$(items server a.example)" 'items of a.example'
mended keyring-duplicates warning a.example ada bob
equal 1 "$(items server a.example)" 'items of a.example after'
has a.example bob word-two
healthy 'one login'

# it stops answering: bounded, and its end is the cure
kill -STOP "$KEYRING_PID"
watch_waits
examine
waited_at_most 6000 'a stopped keyring'
watch_no_waits
found keyring-silent problem gnome-keyring
equal "kill -KILL $KEYRING_PID" "$(field keyring-silent command)" command
EXPOSED=no-store mended keyring-silent problem
found keyring-out-of-reach warning a.example
start_keyring pw1
healthy 'another one'

# a password that is none: gnome-keyring takes it, and writes in clear
stop_keyring
rm -rf "$HOME/.local/share/keyrings" "$HOME/.local/state"
mkdir -p "$HOME/.local/share/keyrings"
keyring=$HOME/.local/share/keyrings/login.keyring
printf '[keyring]\ndisplay-name=Login\nctime=1\nmtime=1\nlock-on-idle=false\nlock-after=false\n' >"$keyring"
printf login >"${keyring%/*}/default"
start_keyring
store a.example ada word-one
grep -q word-one "$keyring" || fail 'expected the secret in clear'
finds keyring-unprotected problem "$keyring"
equal seahorse "$(field keyring-unprotected command)" command
stop_keyring
rm -r "$HOME/.local/share/keyrings" "$HOME/.local/state"
start_keyring pw1
healthy 'a keyring with a password'

# --- the libraries: a copy of the program asks for one that is not there
mkdir "$LAB/alone"
alone=$LAB/alone/docker-credential-keyring
LC_ALL=C sed 's/libsystemd\.so\.0/libsystemd.so.9/' "$HELPER" >"$alone"
chmod 0755 "$alone"
ln -sf "$alone" "$LAB/bin/docker-credential-keyring"
mended_at_terminal --answer pw1 --answer pw1 -- no-store problem
finds module-unusable info libsystemd.so.9
forget_vault
finds module-unusable problem libsystemd.so.9
LC_ALL=C sed 's/libsecret-1\.so\.0/libsecret-1.so.9/' "$HELPER" >"$alone"
finds asker-missing warning libsecret-1.so.9
cp "$HELPER" "$alone"
healthy 'all libraries'
