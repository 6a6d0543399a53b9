#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The file itself: symlinks, mode and owner stay, and nothing is ever readable to more people.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
entry=$(login h.example ada secret-of-ada)
text="{\"auths\":{$entry}}"
wanted='{"auths":{"h.example":{}},"credsStore":"keyring"}'
mkdir "$HOME/dotfiles"

# linked LINK-TEXT: config.json is a symlink of this text to dotfiles/docker.json.
linked() {
  forget_all
  rm -f "$CONFIG" "$HOME"/dotfiles/*
  config "$text" "$HOME/dotfiles/docker.json"
  ln -s "$1" "$CONFIG"
  migrate
  exits 0 "symlink $1"
  equal "$1" "$(readlink "$CONFIG")" 'the symlink'
  becomes "$wanted" "$HOME/dotfiles/docker.json"
  alone "$CONFIG"
  alone "$HOME/dotfiles/docker.json"
  has h.example ada secret-of-ada
}

linked ../dotfiles/docker.json
linked "$HOME/dotfiles/docker.json"
ln -s ../dotfiles/docker.json "$HOME/.docker/middle"
linked middle
rm "$HOME/.docker/middle"
# The folder is a symlink.
mv "$HOME/.docker" "$HOME/dotfiles.docker"
ln -s dotfiles.docker "$HOME/.docker"
linked ../dotfiles/docker.json

# dangling: the file appears where the link points
for target in ../dotfiles/new.json "$HOME/dotfiles/new.json"; do
  rm -f "$CONFIG" "$HOME"/dotfiles/*
  ln -s "$target" "$CONFIG"
  migrate
  exits 0 "dangling symlink $target"
  equal "$target" "$(readlink "$CONFIG")" 'the symlink'
  equal keyring "$(jq -r .credsStore "$HOME/dotfiles/new.json")" credsStore
  equal 600 "$(stat -c %a "$HOME/dotfiles/new.json")" 'mode of the new file'
done
rm -f "$CONFIG"
ln -s config.json "$CONFIG"
migrate
exits 1 'a symlink to itself'
equal config.json "$(readlink "$CONFIG")" 'the symlink'
rm -f "$CONFIG"

# --- modes
for mode in 600 640 644 660 400; do
  forget_all
  config "$text"
  chmod "$mode" "$CONFIG"
  (umask 0 && migrate)
  equal "$mode" "$(stat -c %a "$CONFIG")" 'mode'
  becomes "$wanted"
done

# --- owner: root works on the file of somebody else
if ((EUID == 0)); then
  forget_all
  config "$text"
  chmod 0640 "$CONFIG"
  chown 4711:4712 "$CONFIG"
  migrate
  exits 0 'a file of another user'
  equal '4711:4712 640' "$(stat -c '%u:%g %a' "$CONFIG")" 'owner and mode'
  becomes "$wanted"
fi

# --- not a file at all
rm -f "$CONFIG"
mkfifo "$CONFIG"
migrate
exits 1 'a FIFO'
[[ -p $CONFIG ]] || fail 'the FIFO is gone'
rm -f "$CONFIG"
mkdir "$CONFIG"
migrate
exits 1 'a folder'
[[ -d $CONFIG ]] || fail 'the folder is gone'
