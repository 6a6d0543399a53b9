#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A machine without a keyring and without a vault: docker is not told to ask a store that is not there;
# one that is only locked, or out of reach and known, is one.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

unset DBUS_SESSION_BUS_ADDRESS
nothing_is_done() {
  migrate "$@"
  exits 1 "$WHAT ${*:-}"
  says 'docker-credential-keyring vault create'
  asks_nobody
}
for WHAT in 'no file' 'an empty file' 'empty entries'; do
  case $WHAT in
  'an empty file') config '{}' ;;
  'empty entries') config '{"auths":{"reg.example":{}}}' ;;
  esac
  nothing_is_done
  says 'no store that docker could ask' 'nothing was changed'
  nothing_is_done --dry-run
  if [[ $WHAT == 'no file' ]]; then
    [[ ! -e $CONFIG ]] || fail 'expected no config.json'
  else
    keeps
  fi
done

# --- docker asks us already, podman not yet; a keyring of no bytes is none
WHAT='podman alone'
ln -s "$(type -P true)" "$LAB/bin/podman"
config '{"credsStore":"keyring"}'
mkdir -p "$HOME/.local/share/keyrings"
: >"$HOME/.local/share/keyrings/login.keyring"
nothing_is_done
nothing_is_done --dry-run
[[ ! -e $HOME/.config/containers ]] || fail 'expected no drop-in'
rm "$LAB/bin/podman"

# --- with a login to move: the same from both
WHAT='a login'
config "{\"auths\":{$(login reg.example ada secret-of-ada)}}"
nothing_is_done
keeps
nothing_is_done --dry-run
keeps

# --- the keyring of another session is a store, and so is a vault that lies elsewhere
config '{"auths":{"reg.example":{}}}'
echo GnomeKeyring >"$HOME/.local/share/keyrings/login.keyring"
migrate --dry-run
exits 0 'a keyring on the disk'
rm -r "$HOME/.local/share/keyrings"
nothing_is_done --dry-run
XDG_DATA_HOME=$HOME/other docker-credential-keyring vault create --key-file "$HOME/other.key" \
  >"$LAB/out" 2>&1 || fail "$(cat "$LAB/out")"
migrate --dry-run
exits 0 'a vault elsewhere'
rm -rf "$HOME/other" "$HOME/.local/state"

# --- a vault, locked or not, is a store
config '{"auths":{"reg.example":{}}}'
docker-credential-keyring vault create --key-file "$HOME/key" >"$LAB/out" 2>&1 || fail "$(cat "$LAB/out")"
mv "$HOME/key" "$HOME/key.away"
migrate
exits 0 'a locked vault, nothing to move'
equal keyring "$(jq -r .credsStore "$CONFIG")" credsStore

# --- what stops the run stops the dry run: docker would not find the program
config "{\"auths\":{$(login reg.example ada secret-of-ada)}}"
mv "$HOME/key.away" "$HOME/key"
for option in '' --dry-run; do
  STATUS=0
  # shellcheck disable=SC2086
  PATH=/usr/bin:/bin "$HELPER" migrate $option >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  exits 1 "not on PATH $option"
  keeps
done
