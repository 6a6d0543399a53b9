#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Two migrates at once, as from two terminals: whoever wins, nothing is lost.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
text="{\"auths\":{$(login a.example ada secret-of-ada),$(login b.example bob secret-of-bob)}}"

begin() {
  forget_all
  rm -rf "$HOME/.docker"
  mkdir -m 0700 "$HOME/.docker"
  config "$text"
}

# all_moved WHEN
all_moved() {
  becomes '{"auths":{"a.example":{},"b.example":{}},"credsStore":"keyring"}'
  equal 'ada secret-of-ada' "$(stored a.example)" "a.example in the keyring, $1"
  equal 'bob secret-of-bob' "$(stored b.example)" "b.example in the keyring, $1"
}

# The second begins while the first is held up: with its temporary file made, and with the new text
# written.
is_made() { compgen -G "$CONFIG.docker-credential-keyring.*"; }
is_written() { [[ -s $(is_made) ]]; }
overtake() {
  wait_until "$1"
  docker-credential-keyring migrate
}
declare -A moment=([fchmod]=is_made [fsync]=is_written)
for syscall in fchmod fsync; do
  begin
  (overtake "${moment[$syscall]}") >"$LAB/other.log" 2>&1 &
  other=$!
  traced -e "trace=$syscall" -e "inject=$syscall:delay_exit=1500000:when=1"
  wait "$other" || fail "the second: exit $?: $(clip "$LAB/other.log")"
  first=$STATUS
  migrate
  exits 0 "afterwards, held up at $syscall"
  all_moved "held up at $syscall"
  alone
  equal 0 "$first" "exit of the first, held up at $syscall"
done

# At full speed.
for round in 1 2 3; do
  begin
  pids=()
  for i in 1 2 3; do
    docker-credential-keyring migrate >"$LAB/out.$i" 2>&1 &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || fail "round $round: exit $?: $(cat "$LAB"/out.?)"; done
  migrate
  exits 0 "after round $round"
  all_moved "round $round"
  alone
done
