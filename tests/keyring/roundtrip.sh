#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What goes in comes out, whatever it looks like.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_session

round_trip() {
  store hub.example "$1" "$2"
  has hub.example "$1" "$2"
}

round_trip ada s3
round_trip ada ' spaces and tab	'
round_trip ada $'\n\r\nnewlines at both ends\r\n\n'
round_trip ada "quotes \" ' \\ \\n \\u0000 <>& \`"
# shellcheck disable=SC2016 # not to be expanded, by anybody
round_trip ada 'é ü 中文 🔑 ﷽ $(id) %s %n'
round_trip ada $'\x01\x1b[31m\x7f'
# shellcheck disable=SC2016
for username in ten/user 'robot$p+x' _json_key a:b '<token>' ' x ' 'ü🔑' "it's" '"' '*' -v; do
  round_trip "$username" s3
done

# One mebibyte, which is more than the kernel lets an argument be: by files.
# repeated TEXT LENGTH
repeated() { /usr/bin/python3 -c 'import sys; t, n = sys.argv[1], int(sys.argv[2]); print((t * n)[:n], end="")' "$@"; }
repeated $'abc"\\<>&\n' 1048574 >"$LAB/big"
printf 'é' >>"$LAB/big"
jq -Rsc '{ServerURL: "big.example", Username: "ada", Secret: .}' <"$LAB/big" >"$LAB/request"
STATUS=0
timeout -k 5 "$LIMIT" docker-credential-keyring store <"$LAB/request" >"$LAB/out" 2>"$LAB/err" || STATUS=$?
read_answer
done_silently 'store of 1 MiB'
call get big.example
equal 0 "$STATUS" 'exit of get of 1 MiB'
jq -j .Secret <"$LAB/out" >"$LAB/got"
same_file "$LAB/big" "$LAB/got" 'secret of 1 MiB'

# Beyond that: an error that does not repeat the secret, and what was stored stays.
repeated hunter2 1048577 >"$LAB/bigger"
jq -Rsc '{ServerURL: "big.example", Username: "ada", Secret: .}' <"$LAB/bigger" >"$LAB/request"
STATUS=0
timeout -k 5 "$LIMIT" docker-credential-keyring store <"$LAB/request" >"$LAB/out" 2>"$LAB/err" || STATUS=$?
read_answer
equal 1 "$STATUS" 'exit of store of 1 MiB and a byte'
equal 1 "$(wc -l <"$LAB/out")" 'lines on stdout'
[[ $OUT$ERR != *hunter2* ]] || fail 'the secret was repeated'
call get big.example
jq -j .Secret <"$LAB/out" >"$LAB/got"
same_file "$LAB/big" "$LAB/got" 'secret of 1 MiB'
