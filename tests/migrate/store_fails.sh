#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The keyring fails, lies or goes away at the n-th login: the file is untouched, and the keyring
# holds what it held before.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_bus
settings '{"reply_timeout_s": 2}'
secret secret-before
text="{\"auths\":{$(login a.example ada secret-of-ada),$(login b.example bob secret-of-bob),$(login c.example eve secret-of-eve)}}"
before='{"server": "b.example", "username": "old", "secret": "secret-before"}'
other='{"server": "z.example", "username": "zoe", "secret": "secret-of-zoe"}'
held='{"b.example": ["old", "secret-before"], "z.example": ["zoe", "secret-of-zoe"]}'

for fault in refuse:1 refuse:2 refuse:3 drop:1 drop:3 secret:1 secret:2 secret:3 user:1 user:2; do
  config "$text"
  start_faulty --fault "$fault" --item "$before" --item "$other"
  migrate --replace
  refused "$fault"
  [[ $fault == refuse* ]] || says '.example'
  holds "$held"
  # With a keyring that works again, the same command does it.
  migrate --replace
  exits 0 "after $fault"
  becomes '{"auths":{"a.example":{},"b.example":{},"c.example":{}},"credsStore":"keyring"}'
  alone
  holds '{"a.example": ["ada", "secret-of-ada"], "b.example": ["bob", "secret-of-bob"], "c.example": ["eve", "secret-of-eve"], "z.example": ["zoe", "secret-of-zoe"]}'
  stop_fake
done

# Nothing is there that could take back: the file is untouched all the same.
for fault in crash:1 crash:3; do
  config "$text"
  start_faulty --fault "$fault"
  migrate
  exits 3 "$fault"
  says 'could not be taken back' a.example b.example c.example
  says_not moved
  keeps "$CONFIG" "$fault"
  wait "$FAKE_PID" || true
done

# A failure in the second file: the first was not written either.
mkdir -m 0700 "$HOME/two"
config "{\"auths\":{$(login d.example dan secret-of-dan)}}" "$HOME/two/config.json"
cp "$HOME/two/config.json" "$LAB/before.two"
config "$text"
start_faulty --fault refuse:4
migrate --config "$CONFIG" --config "$HOME/two"
refused 'the second file'
cp "$LAB/before.two" "$LAB/before"
keeps "$HOME/two/config.json"
holds '{}'
stop_fake

# A service that never answers to CreateItem, and one that cannot be reached.
config "$text"
start_fake --silent Collection.CreateItem
migrate
refused 'no answer'
cured 'no answer'
stop_fake
migrate
refused 'no service'
cured 'no service'
migrate --json
refused 'no service, --json'
DBUS_SESSION_BUS_ADDRESS=unix:path=$LAB/no-bus migrate
refused 'no bus'
cured 'no bus'
