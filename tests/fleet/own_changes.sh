#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is written into a copy alone, by whatever way, is not lost; and nothing is written into it by mistake.
. "${BASH_SOURCE[0]%/*}/fleet_lab.sh" || exit 1

join() { on one docker-credential-keyring vault join "$PLACE" --id "$ID" --key-file "$FLEET_KEY" "${NODE_ACCESS[@]}" "$@"; }
leave() {
  on one docker-credential-keyring vault leave
  exits 0 leave
}
stores_one() { INPUT=<(credential "$1" ada s3) on one "${@:2}" docker-credential-keyring store; }
# kept: the file that was kept; there is one.
kept() {
  local files=("$(copy_of one)".before-*)
  equal 1 "${#files[@]}" "files that were kept: ${files[*]}"
  echo "${files[0]}"
}
# has FILE SERVER: so the second reader says.
has() {
  "$READER" dump "$1" --key-file "$FLEET_KEY" >"$LAB/dump"
  jq -e --arg s "$2" '.credentials | has($s)' "$LAB/dump" >"$LAB/verdict" || fail "$1 has no $2"
}

begin_fleet
join_node one

# --- after it left it is a vault of its own
leave
join
exits 0 'join of the very same'
leave
login one mine.example ada s3
login admin b.example bob s3
login admin c.example cleo s3
join
exits 1 'join over what was stored since'
says '--replace'
answers one mine.example ada s3
# What cannot be finished is not begun.
settings=$(settings_of one)
cp -p "$settings" "$LAB/settings.kept"
echo '{"x": 1,}' >"$settings"
join --replace
exits 1 'join with settings that are none'
says settings.json
answers one mine.example ada s3
cp -p "$LAB/settings.kept" "$settings"
join --replace
exits 0 'join --replace'
says "is kept: $(kept)"
has "$(kept)" mine.example
rm "$(kept)"
answers one b.example bob s3

# --- where the settings that name the place do not count, nothing is written
cp "$(copy_of one)" "$LAB/copy"
refuses() {
  exits 1 "store, $1"
  says 'is the copy of a vault that is shared' "$PLACE"
  same_vault "$LAB/copy" "$(copy_of one)" "the copy, $1"
}
stores_one lost.example XDG_CONFIG_HOME="$LAB/nowhere"
refuses 'with other settings'
stores_one lost.example DOCKER_CREDENTIAL_KEYRING_VAULT="$(copy_of one)"
refuses 'of a vault that the environment names'
chmod g+w "$settings"
stores_one lost.example
chmod g-w "$settings"
[[ $STATUS == 1 ]] || fail 'a store by settings that others can write'
same_vault "$LAB/copy" "$(copy_of one)" 'the copy, by settings that others can write'

# --- a copy that somebody else has changed, as an older program would
cp -rp "$LAB/one" "$LAB/fork"
on fork docker-credential-keyring vault leave
login fork own.example ada s3
cat "$(copy_of fork)" >"$(copy_of one)"
on one docker-credential-keyring vault sync
exits 1 'sync of what is ahead'
login admin d.example dora s3
login admin e.example eve s3
sync_on one
says "is kept: $(kept)"
has "$(kept)" own.example
rm "$(kept)"
answers one e.example eve s3

# --- a sync that is under way while the machine leaves
login admin f.example fay s3
exec {lock}>>"$(copy_of one).lock"
flock "$lock"
HOME=$LAB/one docker-credential-keyring vault sync >"$LAB/late" 2>&1 {lock}>&- &
late=$!
waits_for_lock() { [[ $(find "/proc/$late/fd" -lname "*/vault.lock") ]]; }
wait_until waits_for_lock
kill -STOP "$late"
exec {lock}>&-
leave
login one own.example ada s3
kill -CONT "$late"
status=0
wait "$late" || status=$?
equal 1 "$status" "exit of the late sync: $(<"$LAB/late")"
answers one own.example ada s3
[[ ! -e $(copy_of one).place ]] || fail 'the late sync shares it again'

# --- an older state is refused, be the copy of no use
join --replace
exits 0 'join --replace'
chmod 0644 "$(copy_of one)"
as_user admin put "$PREFIX/vault" <"$LAB/copy" >"$LAB/put.log"
on one docker-credential-keyring vault sync
exits 1 'sync of an older one'
says 'it is older'
