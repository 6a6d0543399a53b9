#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a place, or who writes to it, can try. The copy stays, the reason is told, also by status, and a store goes into
# the genuine vault or nowhere.
FLEET_ON=clevis_lab
. "${BASH_SOURCE[0]%/*}/fleet_lab.sh" || exit 1

# in_place FILE: what somebody puts there who may write.
in_place() { as_user admin put "$PREFIX/vault" <"$1" >>"$LAB/put.log" 2>&1 || fail "etcdctl put: $(<"$LAB/put.log")"; }

# refused FILE WHAT TEXT: so sync and store say, and the copy stays.
refused() {
  in_place "$1"
  : >"$LAB/clevis.calls"
  on one docker-credential-keyring vault sync
  exits 1 "sync, $2"
  says "$3"
  same_vault "$LAB/genuine" "$(copy_of one)" "the copy, $2"
  on one docker-credential-keyring vault status
  says 'refused since' "$3"
  INPUT=<(credential new.example mallory s3) on admin docker-credential-keyring store
  exits 1 "store, $2"
  same_vault "$LAB/genuine" "$(copy_of admin)" "the admin's copy, $2"
  in_the_place admin >"$LAB/there"
  same_vault "$1" "$LAB/there" "what is there, $2"
  answers one a.example ada old-secret
  equal '' "$(<"$LAB/clevis.calls")" "calls of clevis, $2"
}

begin_fleet
join_node one
cp "$(copy_of one)" "$LAB/older"
login admin b.example bob s3
sync_on one
cp "$(copy_of one)" "$LAB/genuine"
# Whoever calls clevis leaves a word.
printf '#!/bin/sh\necho "$*" >>%s\nexit 1\n' "$LAB/clevis.calls" >"$LAB/bin/clevis"
chmod 0755 "$LAB/bin/clevis"
for machine in one admin; do set_on "$machine" clevis "$LAB/bin/clevis"; done

make() { "$READER" make "$LAB/$1" --id "$ID" --credential a.example mallory planted "${@:2}"; }

refused "$LAB/older" 'an older one' 'it is older, generation 2, and the copy here is 3'
make twin --key-file "$FLEET_KEY" --generation 3
refused "$LAB/twin" 'two histories' 'two histories'
"$READER" make "$LAB/other" --key-file "$FLEET_KEY" --generation 9
refused "$LAB/other" 'another vault' 'it is another vault'
make_key_file "$LAB/mallory.key"
make planted --key-file "$LAB/mallory.key" --generation 9
refused "$LAB/planted" 'one that is planted, with a key of its own' 'does not open generation 9'
start_tang one
head -c 32 /dev/urandom >"$LAB/secret"
/usr/bin/clevis encrypt tang "{\"url\":\"$TANG_URL\",\"thp\":\"$TANG_THP\"}" <"$LAB/secret" >"$LAB/sealed"
make by-tang --sealed-file "$LAB/secret" --sealed "$(<"$LAB/sealed")" --generation 9
refused "$LAB/by-tang" 'one that is planted, from the public keys of a tang server' 'that anybody can make'
make swapped --key-file "$FLEET_KEY" --kind passphrase --param ops=1 --param mem=8388608 --generation 9
refused "$LAB/swapped" 'one whose kinds of keys were swapped' 'what is at'
cp "$LAB/genuine" "$LAB/altered"
printf X | dd of="$LAB/altered" bs=1 seek=$(($(stat -c %s "$LAB/altered") - 9)) conv=notrunc 2>>"$LAB/put.log"
"$READER" make "$LAB/newer" --id "$ID" --key-file "$FLEET_KEY" --generation 9 --append 00
refused "$LAB/newer" 'one that was altered' 'what is at'
refused "$LAB/altered" 'one of the same generation that was altered' 'two histories'
head -c 1200000 /dev/zero >"$LAB/large"
refused "$LAB/large" 'one that is too large' '1 MiB'
echo nonsense >"$LAB/nonsense"
refused "$LAB/nonsense" 'what is no vault' 'it is no vault'

# --- deleted
as_user admin del "$PREFIX/vault" >>"$LAB/put.log"
on one docker-credential-keyring vault sync
exits 1 'sync, deleted'
says 'there is no vault at' 'the copy here stays'
answers one b.example bob s3
INPUT=<(credential new.example bob s3) on admin docker-credential-keyring store
exits 1 'store, deleted'

# --- the way back, after a look at both
on admin docker-credential-keyring vault share
exits 0 'share into an empty place'
sync_on one
in_place "$LAB/older"
on admin docker-credential-keyring vault share
exits 1 'share over an older one, without --replace'
says --replace
at_terminal --expect '[y/N] ' --type n -- env HOME="$LAB/admin" docker-credential-keyring vault share --replace
exits 1 'share that is not confirmed'
on admin docker-credential-keyring vault share --replace --yes
exits 0 'share --replace'
says 'generation 3' 'generation 2'
sync_on one
equal 'unchanged: generation 3' "$OUT" 'sync after that'
on admin docker-credential-keyring vault status --json
equal null "$(jq -r .shared.refused "$LAB/out")" 'what is refused'
login admin c.example cleo s3
on one docker-credential-keyring vault sync
make newer --key-file "$FLEET_KEY" --generation 50
in_place "$LAB/newer"
on admin docker-credential-keyring vault share --replace --yes
exits 1 'share over a newer generation'
says 'newer generation'

# --- a damaged copy is brought anew, also where the place has gone on
sync_on admin
spoil() { printf X | dd "of=$1" bs=1 seek=1500 conv=notrunc; }
for damage in 'truncate -s 700' spoil rm; do
  $damage "$(copy_of one)" 2>>"$LAB/put.log"
  INPUT=<(echo a.example) on one docker-credential-keyring get
  exits 1 "get of a copy after $damage"
  [[ $OUT != "$NOT_FOUND" ]] || fail "get of a damaged copy says that nothing is there, after $damage"
  sync_on one
  same_vault "$LAB/newer" "$(copy_of one)" "the copy after $damage, and a sync"
done
truncate -s 700 "$(copy_of admin)"
login admin d.example dora s3
answers admin d.example dora s3
answers admin a.example mallory planted
