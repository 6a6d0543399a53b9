#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Ways to open a vault come and go: each opens it by itself, the last one stays, and one that was removed
# opens no file that is written after it, only old copies, which is said.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

make_vault_with_key
store a.example ada s3
vault key list
exits 0 'key list'
equal 1 "$(grep -c . "$LAB/out")" 'lines of key list'
first=$(slot_of key-file)
says "$first" key-file "$(uname -n)"

# --- the last one stays
remember
for options in '' --keep-data-key; do
  # shellcheck disable=SC2086 # nothing or one word
  vault key remove "$first" $options
  exits 1 "key remove of the last way $options"
  unchanged 'the last way'
done
vault key remove 00000000
exits 1 'key remove of no way'
vault key remove
exits 2 'key remove without an id'
vault key add --nonsense
exits 2 'key add of nonsense'
unchanged 'wrong use'

# --- a passphrase beside it
at_terminal --answer 'pass one' --answer 'pass one' -- docker-credential-keyring vault key add --passphrase
exits 0 'key add --passphrase'
equal '["key-file","passphrase"]' "$(header '[.slots[].kind] | sort | tostring')" 'kinds'
phrase=$(slot_of passphrase)
reads '{"a.example": ["ada", "s3"]}'
printf 'pass one\n' >"$LAB/passphrase"
READER_KEY=(--passphrase-file "$LAB/passphrase")
reads '{"a.example": ["ada", "s3"]}'
mv "$KEY_FILE" "$LAB/key"
call_at_terminal get a.example --answer 'pass one'
equal 0 "$STATUS" 'exit of get by the passphrase'
vault lock
mv "$LAB/key" "$KEY_FILE"
has a.example ada s3

# --- two key files; one of them comes from elsewhere
make_key_file "$LAB/second"
vault key add --key-file "$LAB/second"
exits 0 'key add --key-file'
INPUT=$LAB/second vault key add --key-file -
exits 0 'key add --key-file -'
equal 4 "$(header '.slots | length')" 'ways'
equal null "$(header '.slots[3].params.path')" 'path of a key from stdin'
vault key list
equal 4 "$(grep -c . "$LAB/out")" 'lines of key list'
status '.ways | length' >"$LAB/count"
equal 4 "$(<"$LAB/count")" 'ways of status --json'
jq -e '.ways | all(has("id") and has("kind") and has("label") and (.protects | length > 10))' "$LAB/out" \
  >"$LAB/verdict" || fail "status --json: expected ways that say what they protect, got $OUT"

# A path is recorded so that it leads there from anywhere.
cp -p "$VAULT" "$LAB/before-relative"
(cd "$LAB" && vault key add --key-file third)
equal "$LAB/third" "$(header '.slots[4].params.path')" 'the path recorded'
cp -p "$LAB/before-relative" "$VAULT"

# A key that is too short, or that is not there, changes nothing.
remember
printf 'short\n' >"$LAB/short"
chmod 0600 "$LAB/short"
vault key add --key-file "$LAB/short"
exits 1 'key add of a short key'
unchanged 'a short key'

# --- removed: it opens the old copy, and nothing that is written from then on
cp -p "$VAULT" "$LAB/old-copy"
second=$(header ".slots[] | select(.params.path == \"$LAB/second\") | .id")
from_stdin=$(header '.slots[] | select(.kind == "key-file" and .params.path == null) | .id')
# Both were made of the same file; without each other's.
vault key remove "$from_stdin" --keep-data-key
exits 0 'key remove --keep-data-key'
says copy
equal 3 "$(header '.slots | length')" 'ways after key remove'
commitment=$(header .key)
at_terminal --may-end --answer 'pass one' -- docker-credential-keyring vault key remove "$second"
exits 0 'key remove'
says copies
[[ $commitment != "$(header .key)" ]] || fail 'the data key is the same'
"$READER" dump "$LAB/old-copy" --key-file "$LAB/second" >"$LAB/dump" || fail 'the old copy does not open any more'
opens_not() {
  ! "$READER" dump "$VAULT" --key-file "$LAB/second" >"$LAB/dump" 2>&1 || fail "the removed way opens it, $1"
}
opens_not 'after key remove'
store b.example bob t4
opens_not 'after a store'
reads '{"a.example": ["ada", "s3"], "b.example": ["bob", "t4"]}'
READER_KEY=(--key-file "$KEY_FILE")
reads '{"a.example": ["ada", "s3"], "b.example": ["bob", "t4"]}'
mv "$KEY_FILE" "$LAB/key"
DOCKER_CREDENTIAL_KEYRING_KEY_FILE=$LAB/second call get a.example
failed 'get by the removed key file'
mv "$LAB/key" "$KEY_FILE"

# Nor does the old data key: the old copy's ways open the old copy, and with the new file nothing.
/usr/bin/python3 - "$VAULT_SOURCE" "$LAB/old-copy" "$VAULT" "$LAB/second" <<'END' || fail 'the old data key opens the new file'
import sys
sys.path.insert(0, sys.argv[1])
import second_reader as reader
old, new = (open(path, "rb").read() for path in sys.argv[2:4])
header = reader.split(old)[0]
vault_id = bytes.fromhex(header["id"])
key = ("key-file", open(sys.argv[4], "rb").read())
data_key = next(k for k in (reader.unwrap(slot, vault_id, key) for slot in header["slots"]) if k)
assert reader.read_credentials(old, data_key)
try:
    reader.read_credentials(new, data_key)
except reader.Refused:
    sys.exit(0)
sys.exit(1)
END

# --- one of those that remain cannot be opened here: nothing changes, and it is named
remember
vault key remove "$(slot_of key-file)"
exits 1 'key remove, nobody to type the passphrase'
says "$phrase"
unchanged 'nobody to type the passphrase'
at_terminal --may-end --answer wrong --answer wrong --answer wrong -- \
  docker-credential-keyring vault key remove "$(slot_of key-file)"
exits 1 'key remove, a wrong passphrase'
unchanged 'a wrong passphrase'
forget_vault_refusals
vault key remove "$phrase"
exits 0 'key remove of the passphrase'
equal key-file "$(header '[.slots[].kind] | join(" ")')" 'kinds'
reads '{"a.example": ["ada", "s3"], "b.example": ["bob", "t4"]}'

# --- beside a way that only elsewhere can be opened
golden three_ways
export DOCKER_CREDENTIAL_KEYRING_KEY_FILE=$LAB/golden.key
install -m 0600 "$GOLDEN/golden.key" "$LAB/golden.key"
READER_KEY=(--key-file "$GOLDEN/golden.key")
remember
vault key remove "$(slot_of passphrase)"
exits 1 'key remove beside a tang server that is away'
says "$(slot_of clevis)"
unchanged 'a tang server that is away'
commitment=$(header .key)
vault key remove "$(slot_of passphrase)" --keep-data-key
exits 0 'key remove --keep-data-key'
says copy
equal "$commitment" "$(header .key)" 'the commitment'
equal '["clevis","key-file"]' "$(header '[.slots[].kind] | sort | tostring')" 'kinds'
equal 52 "$(dump '.credentials | length')" 'credentials'

# --- not more than 32
install -m 0600 /dev/null "$VAULT"
second_writer_makes --key-file "$LAB/golden.key" --repeat 32
remember
vault key add --key-file "$KEY_FILE"
exits 1 'key add of a 33rd way'
unchanged 'a 33rd way'
