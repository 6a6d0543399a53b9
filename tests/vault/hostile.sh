#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A vault that somebody else wrote, to harm who opens it: numbers that would eat memory or time, a JWE that
# would make curl write files, what format 1 does not know. Refused before any of it is done.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

printf 'pass one\n' >"$LAB/passphrase"
head -c 32 /dev/zero | tr '\0' S >"$LAB/sealed"
make_key_file "$KEY_FILE"
write_index '{"a.example": "vault"}'

# hostile OPTION…: in the vault's place.
hostile() {
  second_writer_makes --credential a.example ada s3 "$@"
  remember
}

# refused WHAT: at a terminal, with the right passphrase, in little memory (what Argon2id is asked for here
# takes more, or would not end), in one line without anything that a terminal obeys.
refused() {
  forget_vault_refusals
  call_at_terminal get a.example --may-end --answer 'pass one' --answer 'pass one' --answer 'pass one'
  failed "get, $1"
  at_most 200000 "$(jq .max_rss_kb "$LAB/report")" "kilobytes of memory, $1"
  ! grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$LAB/out" "$LAB/err" || fail "$1: control characters in the output"
  unchanged "$1"
}

# --- the second writer makes vaults that ours opens
hostile --passphrase-file "$LAB/passphrase"
call_at_terminal get a.example --answer 'pass one'
equal 0 "$STATUS" 'exit of get, nothing hostile'
vault lock
hostile --key-file "$KEY_FILE" --path "$KEY_FILE"
has a.example ada s3

# --- Argon2id
for numbers in '1 4398046511104' '1 2147483648' '1 1073741825' '4294967295 8388608' '33 8388608' \
  '5 1073741824' '32 268435456' '0 8388608' '1 0' '1 8388607' '1 8192'; do
  read -r ops mem <<<"$numbers"
  hostile --passphrase-file "$LAB/passphrase" --ops "$ops" --mem "$mem"
  refused "ops $ops, mem $mem"
done
for param in mem=-1 ops=-1 'mem=8388608.0' 'mem="8388608"' mem=18446744073709551615 mem=99999999999999999999 \
  ops=null 'salt="AAAA"' 'salt=""'; do
  hostile --passphrase-file "$LAB/passphrase" --param "$param"
  refused "params: $param"
done

# --- what format 1 does not know, or does not allow
for fault in '--member x=1' '--slot-member x=1' '--param x=1' '--kind nonsense' '--kind clevis' '--repeat 33' \
  '--member slots=[]' '--member slots={}' '--member id="00"' '--member key="00"' '--member generation=-1' \
  '--member generation="1"' '--member generation=1.5' '--slot-member id="zz"' '--slot-member wrap=""' \
  '--slot-member label=1' '--slot-member params=[]' '--spaces' '--duplicate' '--other-commitment' '--append 00' \
  '--trailing 00' '--count 0' '--count 2' '--count 4294967295' '--unpadded'; do
  read -ra options <<<"$fault"
  hostile --key-file "$KEY_FILE" --path "$KEY_FILE" "${options[@]}"
  refused "$fault"
done
hostile --key-file "$KEY_FILE" --path "$KEY_FILE" --as-given --credential 0.example eve t4
refused 'servers out of order'
hostile --key-file "$KEY_FILE" --path "$KEY_FILE" --as-given --credential a.example eve t4
refused 'a server twice'
/usr/bin/python3 -c 'print("[" * 100000)' >"$LAB/nested"
{ head -1 "$VAULT" && cat "$LAB/nested" && tail -n +3 "$VAULT"; } >"$LAB/deep"
cat "$LAB/deep" >"$VAULT"
remember
refused 'a header that nests deep'
hostile --key-file "$KEY_FILE" --path "$KEY_FILE" --label "$(printf 'x%.0s' {1..60000})" --repeat 30
refused 'a header of more than a mebibyte'
# 32 ways are allowed.
hostile --key-file "$KEY_FILE" --path "$KEY_FILE" --repeat 32
has a.example ada s3

# --- paths and labels are shown, not obeyed
mv "$KEY_FILE" "$LAB/key"
hostile --key-file "$LAB/key" --path $'/nowhere\nauth: \e[31mred' --label $'worker\e]0;title\a\nsecond line'
refused 'a path with a newline'
vault key list
exits 0 'key list'
! grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$LAB/out" || fail 'key list shows control characters'
equal 1 "$(grep -c "$(header '.slots[0].id')" "$LAB/out")" 'lines of the way'
vault status
! grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$LAB/out" "$LAB/err" || fail 'status shows control characters'
for path in "$LAB/fifo" /dev/zero /dev/tty /proc/self/mem "$LAB"; do
  [[ $path != "$LAB/fifo" ]] || mkfifo -m 0600 "$LAB/fifo"
  hostile --key-file "$LAB/key" --path "$path"
  refused "the recorded path $path"
done
mv "$LAB/key" "$KEY_FILE"

# --- a forged JWE: curl would take its url for an option, and clevis would run what `pin` names
jwe() { printf '%s' "$1" | basenc --base64url -w0 | tr -d = && echo .a.b.c.d; }
printf 'url = "file:///etc/hostname"\noutput = "%s"\n' "$LAB/pwned" >"$LAB/curlrc"
thumb=c2Vjb25kLXJlYWRlci1vZi10aGUtdmF1bHQ
tang() { printf '{"alg":"ECDH-ES","clevis":{"pin":"tang","tang":{"adv":{"keys":[]},"url":"%s"}},"enc":"A256GCM","kid":"%s"}' "$1" "${2:-$thumb}"; }
forged=(
  "$(tang "-K$LAB/curlrc")"
  "$(tang "file://$LAB/curlrc")"
  "$(tang "http://127.0.0.1:9 -K$LAB/curlrc")"
  "$(tang $'http://127.0.0.1:9\\n-o')"
  "$(tang http://127.0.0.1:9 '../../etc')"
  "$(tang http://127.0.0.1:9 '--output')"
  '{"alg":"dir","clevis":{"pin":"../../tmp/x"},"enc":"A256GCM"}'
  '{"alg":"dir","clevis":{"pin":"null"},"enc":"A256GCM"}'
  '{"alg":"dir","clevis":{"pin":"pkcs11"},"enc":"A256GCM"}'
  '{"alg":"dir","enc":"A256GCM"}'
  '[]' 'x' ''
)
forged+=("$(printf '{"alg":"dir","clevis":{"pin":"sss","sss":{"jwe":["%s"],"p":"AAAA","t":1}},"enc":"A256GCM"}' \
  "$(jwe "$(tang "-K$LAB/curlrc")")")")
for header in "${forged[@]}"; do
  hostile --sealed-file "$LAB/sealed" --sealed="$(jwe "$header")"
  printf a.example >"$LAB/request"
  INPUT=$LAB/request traced -e trace=execve -- docker-credential-keyring get
  failed "get, forged: $header"
  equal 1 "$(grep -c 'execve(' "$LAB/trace")" "programs started, forged: $header"
  unchanged "forged: $header"
done
[[ ! -e $LAB/pwned ]] || fail 'the forged JWE made curl write a file'
for sealed in '' '.' 'a.b.c' "$(printf 'x%.0s' {1..20000})" '-K' $'a\nb'; do
  hostile --sealed-file "$LAB/sealed" --sealed="$sealed"
  refused "sealed: ${sealed:0:20}"
done
# The pin that the slot states must be the one that the JWE names.
hostile --sealed-file "$LAB/sealed" --pin tpm2 --sealed="$(jwe "$(tang http://127.0.0.1:9)")"
refused 'another pin than the JWE names'
