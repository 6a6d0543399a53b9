#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The index that a version before wrote, servers.json, goes into ours, once; killed at whatever moment,
# nothing that is stored is taken for absent, and an older program finds no index that is out of date.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

start_session
index=$(index_file)
old=${index%/*}/servers.json
store a.example ada s3
lists '{"a.example": "ada"}'

# as_before: what the version before would have written.
as_before() {
  rm -f "$index"
  echo '{"complete": ["keyring"], "servers": {"a.example": {"store": "keyring"}}}' >"$old"
}
# taken_over [WHAT]
taken_over() {
  [[ ! -e $old ]] || fail "servers.json is still there${1:+, $1}"
  equal '{"complete":["keyring"],"servers":{"a.example":{"store":"keyring"}}}' "$(index .)" "the index${1:+, $1}"
}

as_before
has a.example ada s3
taken_over get
as_before
has_not stranger.example
taken_over 'a get of what is not stored'

# Killed as it is put in its place, and as the old one is removed.
printf a.example >"$LAB/request"
for call in renameat unlink; do
  as_before
  INPUT=$LAB/request traced -e "inject=$call:signal=KILL" -- docker-credential-keyring get || true
  [[ -e $old ]] || fail "expected servers.json after a kill at $call"
  has a.example ada s3
  taken_over "after a kill at $call"
done

# A version before that comes again finds no index, and makes its own: both count.
store b.example bob t4
echo '{"complete": [], "servers": {"c.example": {"store": "keyring"}}}' >"$old"
has b.example bob t4
[[ ! -e $old ]] || fail 'servers.json is still there'
equal '[[],["a.example","b.example","c.example"]]' "$(index '[.complete, (.servers | keys)]')" 'the index of both'
