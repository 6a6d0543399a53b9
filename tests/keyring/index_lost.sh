#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The index helps, and never hinders: lost, broken or impossible to write, the work goes on.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_bus
answer_prompts ok
start_keyring pw1
index=$(index_file)

indexed() { [[ $(index ".servers | has(\"$1\")" 2>/dev/null) == true ]]; }
store a.example ada s3
indexed a.example || fail 'expected a.example in the index after its store'
[[ $(<"$index") != *s3* ]] || fail 'the index holds a secret'
equal 600 "$(stat -c %a "$index")" 'mode of the index'

# Whatever lies in its place, everything works, and a hit or a list mends it.
works() {
  has a.example ada s3
  indexed a.example || fail "expected a.example in the index after a get, $1"
  spoil_again "$1"
  lists '{"a.example": "ada"}'
  indexed a.example || fail "expected a.example in the index after a list, $1"
  spoil_again "$1"
  store b.example bob t4
  has b.example bob t4
  erase b.example
  has_not b.example
  spoil_again "$1"
  has_not stranger.example
}
header=$'docker-credential-keyring index 1\nstore\tkeyring\tcomplete\t\n'
spoil_old() { printf %s "$1" >"${index%/*}/servers.json"; }
spoil_again() {
  rm -rf "$index"
  case $1 in
  lost) ;;
  empty) : >"$index" ;;
  'cut short') printf '%sserver\tb.example\tkeyring\t\n' "$header" >"$index" ;;
  'no text') head -c 3000 /dev/urandom >"$index" ;;
  'of another version') printf '%send\n' "${header/1/9}" >"$index" ;;
  'a line that is none') printf '%sserver\ta.example\nend\n' "$header" >"$index" ;;
  'an old one that is no JSON') spoil_old '{"servers": {"a.exam' ;;
  'an old one of another shape') spoil_old '{"servers": {"a.example": 7}, "complete": true}' ;;
  'an old one of another shape still') spoil_old '{"servers": "a.example"}' ;;
  'an old one, deeply nested') spoil_old "$(printf '[%.0s' {1..100000})" ;;
  *) fail "no such damage: $1" ;;
  esac
}
for damage in lost empty 'cut short' 'no text' 'of another version' 'a line that is none' \
  'an old one that is no JSON' 'an old one of another shape' 'an old one of another shape still' \
  'an old one, deeply nested'; do
  spoil_again "$damage"
  works "$damage"
done

# A folder in its place, or no folder to make it in: it cannot be written, and nothing stops.
cannot_be_written() {
  has a.example ada s3
  store c.example eve u5
  has c.example eve u5
  lists '{"a.example": "ada", "c.example": "eve"}'
  erase c.example
  has_not c.example
}
rm -f "$index"
mkdir "$index"
cannot_be_written
rm -rf "$HOME/.local/state"
: >"$HOME/.local/state"
cannot_be_written
rm -f "$HOME/.local/state"
ln -s /proc/self/nowhere "$HOME/.local/state"
cannot_be_written
rm -f "$HOME/.local/state"

# Lost while the keyring is locked: what the locked keyring itself shows still counts.
may_ask
for lock in lock_warm lock_cold; do
  rm -rf "$HOME/.local/state"
  "$lock"
  forget_prompts
  has_not stranger.example
  prompts_are 0 'an unknown server'
  has a.example ada s3
  prompts_are 1 'a stored server without an index'
done

# After a proven erase the server is gone from it.
erase a.example
! indexed a.example || fail 'expected a.example gone from the index after its erase'

# An item that somebody else removed: the index names it still, and it is absent all the same.
store d.example ada s3
reference erase d.example
has_not d.example
erase d.example
