#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which files are looked at: --config, else DOCKER_CONFIG, else ~/.docker; ~/.dockercfg is only read.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
mkdir -m 0700 "$HOME/set" "$HOME/given"

write_all() {
  forget_all
  rm -f "$HOME/.dockercfg"
  config "{\"auths\":{$(login home.example ada secret-of-home)}}"
  config "{\"auths\":{$(login set.example ada secret-of-set)}}" "$HOME/set/config.json"
  config "{\"auths\":{$(login given.example ada secret-of-given)}}" "$HOME/given/config.json"
}

# moved NAME: this one, and no other.
moved() {
  local name
  for name in home set given; do
    if [[ $name == "$1" ]]; then
      has "$name.example" ada "secret-of-$name"
    else
      equal '' "$(stored "$name.example")" "$name.example in the keyring"
    fi
  done
}

write_all
migrate
exits 0
moved home

write_all
DOCKER_CONFIG=$HOME/set migrate
exits 0
moved set

write_all
DOCKER_CONFIG='' migrate
exits 0
moved home

for path in "$HOME/given" "$HOME/given/" "$HOME/given/config.json"; do
  write_all
  DOCKER_CONFIG=$HOME/set migrate --config "$path"
  exits 0
  moved given
done
write_all
cd "$HOME"
migrate --config given
exits 0
moved given
write_all
cd "$HOME/given"
migrate --config config.json
exits 0
moved given
alone "$HOME/given/config.json"
write_all
migrate --config="$HOME/given/config.json"
exits 0
moved given
cd "$HOME"

# --- DOCKER_CONFIG: a folder that is not there yet
DOCKER_CONFIG=$HOME/new migrate
exits 0
equal keyring "$(jq -r .credsStore "$HOME/new/config.json")" credsStore

# --- ~/.dockercfg: its logins are stored, it stays as it is, and says so
write_all
config "{$(login https://cfg.example/v1/ ada secret-of-cfg),$(login home.example ada secret-of-home)}" "$HOME/.dockercfg"
touch -d '2001-02-03 04:05:06' "$HOME/.dockercfg"
migrate
exits 3 dockercfg
keeps "$HOME/.dockercfg"
equal 2001 "$(date -r "$HOME/.dockercfg" +%Y)" 'year of .dockercfg'
tells https://cfg.example/v1/ kept
has cfg.example ada secret-of-cfg
moved home
config "{$(login cfg2.example ada secret-of-cfg)}" "$HOME/.dockercfg"
migrate --config "$HOME/.dockercfg"
exits 3 '--config .dockercfg'
keeps "$HOME/.dockercfg"
has cfg2.example ada secret-of-cfg
config '[]' "$HOME/.dockercfg"
migrate
exits 1 'malformed .dockercfg'
keeps "$HOME/.dockercfg"
rm "$HOME/.dockercfg"

# --- wrong use: exit 2, and nothing happens
write_all
cp "$CONFIG" "$LAB/before"
for arguments in --nonsense --config 'file.json' --json=maybe -x; do
  # shellcheck disable=SC2086
  migrate $arguments
  exits 2 "migrate $arguments"
  [[ -n $ERR ]] || fail "migrate $arguments: expected an explanation on stderr"
  equal '' "$OUT" "stdout of migrate $arguments"
  keeps
done
nothing_stored
migrate --help
exits 0 --help
says --dry-run --json --config --replace
keeps
