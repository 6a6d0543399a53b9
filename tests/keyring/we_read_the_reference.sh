#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# We read, list by server, replace and erase what docker-credential-secretservice stored: its old
# labels, its new ones, and its items from before 2017, which lack the attribute `label`.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_session

# attributes_of SERVER: the names and values of its only item, by a client that is not ours.
attributes_of() {
  secret-tool search --all server "$1" 2>&1 | sed -n 's/^attribute\.//p; s/^schema/xdg:schema/p' | sort
}

new_item() {
  printf %s "$3" | timeout -k 5 "$LIMIT" secret-tool store --label="Registry credentials for $1" \
    label 'Docker Credentials' server "$1" username "$2" docker_cli 1 xdg:schema io.docker.Credentials
}

old_item() {
  printf %s "$3" | timeout -k 5 "$LIMIT" secret-tool store --label="$1" \
    server "$1" username "$2" docker_cli 1 xdg:schema io.docker.Credentials
}

label_of() { secret-tool search --all server "$1" 2>/dev/null | sed -n 's/^label = //p'; }

theirs() { reference store "$(credential "$@")"; }

for make in theirs new_item old_item; do
  "$make" hub.example ada 's3 é'
  "$make" other.example bob t4
  rm -rf "$HOME/.local/state"
  has hub.example ada 's3 é'
  lists '{"hub.example": "ada", "other.example": "bob"}'

  store hub.example ada changed
  equal 1 "$(items server hub.example)" "items after a store over $make"
  equal hub.example "$(label_of hub.example)" "label after a store over $make"
  has hub.example ada changed
  store other.example eve u5
  equal 1 "$(items server other.example)" "items after a store over $make by another user"
  equal other.example "$(label_of other.example)" "label after a store over $make by another user"
  has other.example eve u5

  "$make" third.example carol v6
  erase third.example
  equal 0 "$(items server third.example)" "items after an erase of $make"
  has_not third.example

  erase hub.example
  erase other.example
  lists '{}'
done

# Ours look as theirs do.
theirs hub.example ada s3
store ours.example ada s3
equal "$(attributes_of hub.example | sed s/hub.example/ours.example/)" "$(attributes_of ours.example)" \
  'attributes of our item'
erase hub.example
erase ours.example

# Locked, warm and cold, theirs are told from absent ones without an index.
answer_prompts ok
stop_keyring
start_keyring pw1
may_ask
for make in theirs new_item old_item; do
  "$make" hub.example ada s3
  for lock in lock_warm lock_cold; do
    rm -rf "$HOME/.local/state"
    "$lock"
    forget_prompts
    has_not stranger.example
    prompts_are 0 'an unknown server'
    has hub.example ada s3
    prompts_are 1 "$make, $lock"
    rm -rf "$HOME/.local/state"
  done
  lock_cold
  erase hub.example
  equal 0 "$(items server hub.example)" "items after an erase of $make, cold"
done
