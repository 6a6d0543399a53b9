#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Many machines write at once while members of the etcd die. What was acknowledged is there, once, and what was refused
# is not; and where most members are gone nobody writes, and everybody reads.
. "${BASH_SOURCE[0]%/*}/fleet_lab.sh" || exit 1

WRITERS=${WRITERS:-40}
EACH=${EACH:-2}
begin_fleet

# write_as NUMBER: so many logins, one after the other; the exit status of each, and what was said.
write_as() {
  local i status
  export HOME=$LAB/writer$1
  for ((i = 0; i < EACH; i++)); do
    status=0
    credential "w$1-$i.example" "user$1" "secret$1-$i" | timeout -k 5 "$LIMIT" docker-credential-keyring store \
      >"$LAB/written/$1-$i.out" 2>&1 || status=$?
    echo "$status" >"$LAB/written/$1-$i"
  done
}

mkdir "$LAB/written"
pids=()
for ((w = 0; w < WRITERS; w++)); do
  cp -rp "$LAB/admin" "$LAB/writer$w"
  write_as "$w" &
  pids+=("$!")
done
some_written() { (($(find "$LAB/written" -name '*[0-9]' | wc -l) >= $1)); }
some_refused() { grep -qx 1 "$LAB"/written/*[0-9]; }
wait_until some_written $((WRITERS / 4))
kill_member 0
if [[ ${STORM:-} ]]; then
  wait_until some_written $((WRITERS * EACH / 3))
  kill_member 1
  wait_until some_refused
  for i in 0 1; do start_member "$i" existing; done
fi
wait "${pids[@]}"

# What was acknowledged is there, what was refused is not; of what may be in, either is true.
wait_until as_user admin get "$PREFIX/vault" --keys-only
sync_on admin
"$READER" dump "$(copy_of admin)" --key-file "$FLEET_KEY" >"$LAB/dump"
jq -r '.credentials | to_entries[] | "\(.key) \(.value.secret)"' "$LAB/dump" | sort >"$LAB/there"
written=0 refused=0 unsettled=0
for ((w = 0; w < WRITERS; w++)); do
  for ((i = 0; i < EACH; i++)); do
    said=$(<"$LAB/written/$w-$i.out")
    if (($(<"$LAB/written/$w-$i") == 0)); then
      written=$((written + 1))
      echo "w$w-$i.example secret$w-$i"
    elif [[ $said == *'nothing was written'* ]]; then
      refused=$((refused + 1))
    elif [[ $said == *'may have taken the change'* ]]; then
      unsettled=$((unsettled + 1))
      awk -v line="w$w-$i.example secret$w-$i" '$0 == line' "$LAB/there"
    else
      fail "store $i of writer $w: exit $(<"$LAB/written/$w-$i"), «$said»"
    fi
  done
done >"$LAB/expected"
echo 'a.example old-secret' >>"$LAB/expected"
sort -o "$LAB/expected" "$LAB/expected"
same_file "$LAB/expected" "$LAB/there" 'the logins in the vault'
equal "$(($(wc -l <"$LAB/there") + 1))" "$(jq .generation "$LAB/dump")" 'generation, of as many writes'
# On a machine that is slow enough some give up after their half minute.
((written)) || fail 'nothing was written where one member was gone'
printf '%s writes acknowledged, %s refused, %s of which nobody knew\n' "$written" "$refused" "$unsettled"
if [[ ${STORM:-} ]]; then kill_member 0; fi

# --- one is gone, and one hangs
join_node one
kill -STOP "${MEMBER_PIDS[1]}"
on one docker-credential-keyring vault sync
kill -CONT "${MEMBER_PIDS[1]}"
exits 0 'sync where one is gone and one hangs'
says 'no majority'
wait_until as_user admin get "$PREFIX/vault" --keys-only

# --- most of them gone
kill_member 1
on one docker-credential-keyring vault sync
exits 0 'sync without a majority'
says 'no majority'
answers one "w0-0.example" user0 secret0-0
INPUT=<(credential late.example bob s3) on admin docker-credential-keyring store
exits 1 'store without a majority'
says 'etcd has no majority' 'nothing was written'
kill_member 2
on one docker-credential-keyring vault sync
exits 1 'sync without anybody'
says 'no answer from etcd' 'going on with generation'
answers one "w0-0.example" user0 secret0-0

# --- healed
for i in 0 1 2; do start_member "$i" existing; done
wait_until as_user admin get "$PREFIX/vault" --keys-only
login admin late.example bob s3
sync_on one
answers one late.example bob s3
