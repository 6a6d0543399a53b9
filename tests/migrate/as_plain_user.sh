#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# As an ordinary user: the main job, and the files and folders that this user may not write.
. "${BASH_SOURCE[0]%/*}/plain_user.sh" || exit 1
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
text="{\"auths\":{$(login h.example ada secret-of-ada)}}"

# --- a folder that may not be written
config "$text"
chmod 0500 "$HOME/.docker"
migrate
refused 'a folder not writable'
cured 'a folder not writable'
nothing_stored 'a folder not writable'
rm -rf "$HOME/.local/state"
chmod 0700 "$HOME/.docker"

# --- nor made
chmod 0500 "$HOME"
DOCKER_CONFIG=$HOME/new migrate
exits 1 'a folder that cannot be made'
says new
chmod 0700 "$HOME"

# --- behind a symlink
mkdir "$HOME/dotfiles"
config "$text" "$HOME/dotfiles/docker.json"
ln -sf ../dotfiles/docker.json "$CONFIG"
chmod 0500 "$HOME/dotfiles"
FILE=$HOME/dotfiles/docker.json
migrate
refused 'the folder behind the symlink not writable'
nothing_stored
chmod 0700 "$HOME/dotfiles"
unset FILE
rm -r "$CONFIG" "$HOME/dotfiles"

# --- a file that may not be read
config "$text"
chmod 0 "$CONFIG"
migrate
exits 1 'not readable'
says config.json
chmod 0600 "$CONFIG"
keeps

# --- a file of somebody else in a folder of ours
if [[ -n ${FOREIGN:-} ]]; then
  cp "$FOREIGN" "$LAB/before"
  FILE=$FOREIGN
  migrate --config "$FOREIGN"
  refused 'a file of root'
  cured 'a file of root'
  nothing_stored 'a file of root'
  unset FILE
fi

# --- and a file of the user's own, read-only or not
for mode in 600 400; do
  forget_all
  config "$text"
  chmod "$mode" "$CONFIG"
  migrate
  exits 0 "mode $mode"
  becomes '{"auths":{"h.example":{}},"credsStore":"keyring"}'
  equal "$mode" "$(stat -c %a "$CONFIG")" 'mode'
  has h.example ada secret-of-ada
done
no_plaintext
