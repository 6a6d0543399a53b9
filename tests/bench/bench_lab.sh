# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the bench has besides lab.sh: worlds, each a home, a runtime folder and perhaps a bus below
# $WORLDS, with logins in its store. docker's config.json is what they are filled from, by `migrate`.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

WORLDS=$LAB/worlds
mkdir "$WORLDS"
export GNUPGHOME=$LAB/gnupg

bench_lab_end() {
  local status=$? world
  set +e
  trap - ERR
  # Of an open vault the kernel has a key.
  for world in "$WORLDS"/open-*; do
    [[ ! -d $world ]] || HOME=$world/home docker-credential-keyring vault lock >"$LAB/noise" 2>&1
  done
  [[ ! -d $GNUPGHOME ]] || gpgconf --kill gpg-agent
  (exit "$status")
  lab_end
}
trap bench_lab_end EXIT

# say TEXT…: progress.
say() { printf 'bench: %s\n' "$*" >&2; }

# quietly COMMAND…: must succeed; what it says is shown only if it does not.
quietly() {
  "$@" </dev/null >"$LAB/out" 2>"$LAB/err" || fail "$*: $(<"$LAB/out")$(<"$LAB/err")"
}

# enter NAME: makes this world the one at hand, without a bus.
enter() {
  WORLD=$WORLDS/$1
  mkdir -m 0700 "$WORLD" "$WORLD"/{home,run} "$WORLD/home/.docker"
  export HOME=$WORLD/home XDG_RUNTIME_DIR=$WORLD/run
  unset DBUS_SESSION_BUS_ADDRESS
}

# logins COUNT: config.json with so many in plaintext.
logins() {
  (umask 077 && jq -cn --argjson n "$1" '{auths: ([range($n) | {
    key: "host-\(.).example:5000",
    value: {auth: ("user-\(.):secret-\(.)-of-many" | @base64)}}] | from_entries)}' \
    >"$HOME/.docker/config.json")
}

# fill COUNT: so many logins into the store of the world at hand.
fill() {
  logins "$1"
  quietly docker-credential-keyring migrate
}

# keyring_world NAME: with an open gnome-keyring.
keyring_world() {
  enter "$1"
  start_bus "$XDG_RUNTIME_DIR/bus"
  start_keyring pw1
}

# vault_world NAME: with a vault that a key file opens, and no bus, as on a server.
vault_world() {
  enter "$1"
  quietly docker-credential-keyring vault create --key-file "$HOME/.config/docker-credential-keyring/key"
}

# forward_world NAME OTHER: without a store, at the far side of a forward of another world's.
forward_world() {
  local socket=$WORLDS/$2/run/docker-credential-keyring/forward/socket
  start "forward-$2" env HOME="$WORLDS/$2/home" XDG_RUNTIME_DIR="$WORLDS/$2/run" \
    docker-credential-keyring forward --all
  wait_until test -S "$socket"
  enter "$1"
  mkdir -p "$HOME/.config/docker-credential-keyring"
  jq -n --arg socket "$socket" '{$socket}' >"$HOME/.config/docker-credential-keyring/settings.json"
}

# open_world NAME: with a vault that somebody opened by its passphrase.
open_world() {
  local sitter=(/usr/bin/python3 "$LAB_SOURCE/at_terminal.py" --limit 120) answer=(--answer 'a passphrase')
  enter "$1"
  quietly "${sitter[@]}" "${answer[@]}" "${answer[@]}" -- docker-credential-keyring vault create --passphrase
  quietly "${sitter[@]}" "${answer[@]}" -- docker-credential-keyring vault unlock
}

# pass_world NAME COUNT: with pass on PATH, there alone, and so many logins in docker-credential-pass's
# layout. All are encrypted by one gpg: the helper would take minutes.
pass_world() {
  local path=${PASS%/*}:$PATH number folder secrets=()
  enter "$1"
  printf 'PATH=%s\n' "$path" >"$WORLD/environment"
  [[ -d $GNUPGHOME ]] || make_gpg_key
  PATH=$path quietly pass init bench@example.com
  for ((number = 0; number < $2; ++number)); do
    folder=$HOME/.password-store/docker-credential-helpers/$(printf %s "host-$number.example:5000" | basenc --base64url -w0)
    mkdir -p "$folder"
    printf 'secret-%s-of-many' "$number" >"$folder/user-$number"
    secrets+=("$folder/user-$number")
  done
  quietly gpg --batch --quiet --recipient bench@example.com --multifile --encrypt "${secrets[@]}"
  rm "${secrets[@]}"
}

make_gpg_key() {
  mkdir -m 0700 "$GNUPGHOME"
  quietly gpg --batch --quiet --passphrase '' --quick-generate-key bench@example.com
}
