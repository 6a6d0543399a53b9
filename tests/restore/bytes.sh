#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# migrate, then restore: the very same file, however it is written. Where an entry was written unlike the
# rest of the file, what its braces enclose is written anew, and says the same.
. "${BASH_SOURCE[0]%/*}/../migrate/migrate_lab.sh" || exit 1

start_session

# back FILE: there and back.
back() {
  migrate --config "$1"
  exits 0 "migrate, ${1##*/}"
  equal keyring "$(jq -r .credsStore "$1")" credsStore
  ! grep -qFf "$LAB/secrets" "$1" || fail "expected no secret in $1"
  run docker-credential-keyring restore --yes --config "$1"
  exits 0 "restore, ${1##*/}"
  alone "$1"
}

h=$(auth ada secret-of-ada)
i=$(auth bob $'s"e\\c<>&r\té😀 t:')
number=0
# same TEXT
same() {
  number=$((number + 1))
  forget_all
  config "$1" "$HOME/$number.json"
  back "$HOME/$number.json"
  keeps "$HOME/$number.json"
}
same "{\"auths\":{\"h\":{\"auth\":\"$h\"},\"i\":{\"auth\":\"$i\"}}}"
same "{\"auths\":{\"h\":{\"auth\":\"$h\"}},\"x\":{\"<&>\":[1e300,123456789012345678901234567890, -0.0E-7,{ }]}}"$'\n\n'
same "{\"HttpHeaders\":{\"\\u00e9\\/\":\"\\ud83d\\ude00\"},\"AUTHS\":{\"\\u0068\":{\"auth\":\"$h\"}},\"credHelpers\":{}}"
for indent in $'\t' '  ' '    ' $'\r\n\t'; do
  # docker's layout, and that of other programs
  line=$'\n'
  if [[ $indent == $'\r'* ]]; then line=$'\r\n' indent=$'\t'; fi
  same "{$line$indent\"auths\": {$line$indent$indent\"h\": {$line$indent$indent$indent\"auth\": \"$h\"$line$indent$indent},$line$indent$indent\"i\": {$line$indent$indent$indent\"auth\": \"$i\"$line$indent$indent}$line$indent},$line$indent\"x\": [ 1,2 ]$line}$line"
done
# what stays in the file, and the exception that docker is told of it, which goes again
forget_all
config "{\"auths\":{\"h\":{\"auth\":\"$h\"},\"nopass\":{\"auth\":\"YWRhOg==\"},\"rt\":{\"registrytoken\":\"t\"}}}"
migrate
exits 3 'an entry stays'
equal '{"nopass":""}' "$(jq -c .credHelpers "$CONFIG")" credHelpers
run docker-credential-keyring restore --yes
exits 0 'an entry has stayed'
keeps

# --- written unlike the rest
# says_the_same TEXT
says_the_same() {
  forget_all
  config "$1"
  back "$CONFIG"
  equal "$(jq -cS . "$LAB/before")" "$(jq -cS . "$CONFIG")" 'what the file says'
}
says_the_same "{ \"auths\" : { \"h\" : { \"auth\" : \"$h\" }, \"i\":{\"auth\":\"$i\"} } }"
says_the_same $'{\n  "x" : 1,\n  "auths":{"h":{"auth":"'"$h"$'"}}\n}'

# --- a thousand
forget_all
use_vault() {
  export DOCKER_CREDENTIAL_KEYRING_STORE=vault
  docker-credential-keyring vault create --key-file "$HOME/key" >"$LAB/vault.log" 2>&1 ||
    fail "vault create: $(<"$LAB/vault.log")"
}
use_vault
config "$(jq -cn --arg h "$h" '{auths: ([range(1000) | {"registry-\(.).example": {auth: $h}}] | add)}')"
migrate
exits 0 'migrate, a thousand'
work restore --yes
exits 0 'restore, a thousand'
keeps
# A second, and much less of it with the system.
limit=2000000000
! sanitized || limit=50000
printf 'work: %s\n' "$WORK"
at_most "$limit" "$WORK" 'work for a thousand'
