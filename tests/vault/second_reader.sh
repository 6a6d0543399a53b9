#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The format stands alone: a second reader in Python reads what ours wrote, whatever was done to the
# vault, and ours reads and goes on writing the golden files of the second writer.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

# reads_by KEY-FILE JSON
reads_by() {
  local READER_KEY=(--key-file "$1")
  reads "$2"
}

# --- the golden files are what the second writer makes
mkdir "$LAB/again"
"$GOLDEN/make" "$LAB/again"
for file in "$GOLDEN"/*.vault "$GOLDEN"/golden.*; do same_file "$LAB/again/${file##*/}" "$file"; done

# --- ours, by the second reader
make_vault_with_key
reads '{}'
equal 1 "$(header '.slots | length')" 'ways to open it'
equal "key-file $KEY_FILE" "$(header '.slots[0] | .kind + " " + .params.path')" 'the way'
id=$(header .id)
generation=$(header .generation)
began=$(date +%s)
store b.example bob 's "é" <&>'
store a.example ada s3
reads '{"a.example": ["ada", "s3"], "b.example": ["bob", "s \"é\" <&>"]}'
equal "$id $((generation + 2))" "$(header '"\(.id) \(.generation)"')" 'id and generation'
stored_at=$(dump '.credentials["a.example"].stored_at')
((began <= stored_at && stored_at <= $(date +%s))) || fail "stored_at: expected now, got $stored_at"
erase b.example
reads '{"a.example": ["ada", "s3"]}'
equal "$((generation + 3))" "$(header .generation)" generation

# Nonces are never used twice, also when the same is stored again.
nonce() { head -c 24 <(tail -n +3 "$VAULT") | basenc --base16; }
first=$(nonce)
store a.example ada s3
[[ $first != "$(nonce)" ]] || fail 'a nonce was used twice'

# Ways come and go.
make_key_file "$LAB/second"
vault key add --key-file "$LAB/second"
exits 0 'key add'
equal 2 "$(header '.slots | length')" 'ways after key add'
reads '{"a.example": ["ada", "s3"]}'
reads_by "$LAB/second" '{"a.example": ["ada", "s3"]}'
commitment=$(header .key)
vault key remove "$(header ".slots[] | select(.params.path == \"$KEY_FILE\") | .id")"
exits 0 'key remove'
[[ $commitment != "$(header .key)" ]] || fail 'key remove: the data key is the same'
equal "$id" "$(header .id)" 'id after key remove'
! "$READER" dump "$VAULT" --key-file "$KEY_FILE" >"$LAB/dump" 2>&1 || fail 'the removed way opens it'
reads_by "$LAB/second" '{"a.example": ["ada", "s3"]}'

# --- the golden files, by ours
forget_vault
export DOCKER_CREDENTIAL_KEYRING_KEY_FILE=$LAB/golden.key
install -m 0600 "$GOLDEN/golden.key" "$LAB/golden.key"
READER_KEY=(--key-file "$GOLDEN/golden.key")
golden empty
lists '{}'
golden key_file
has a.example ada s3
store b.example bob t4
reads '{"a.example": ["ada", "s3"], "b.example": ["bob", "t4"]}'
equal 7db0017ebc6ee7f1baae9e692a8740de "$(header .id)" 'id of key_file.vault'

golden three_ways
call list
equal 52 "$(jq length "$LAB/out")" 'servers of three_ways.vault'
has host-00049.example user-00049 secret-00049-of-many
has reg.example:5000 '<token>' idt.four
before=$(header '.slots[] | select(.kind != "key-file") | tostring')
store a.example bob t4
equal 4712 "$(header .generation)" 'generation of three_ways.vault'
equal "$before" "$(header '.slots[] | select(.kind != "key-file") | tostring')" 'the other ways'
for key in "--key-file $GOLDEN/golden.key" "--passphrase-file $GOLDEN/golden.passphrase" \
  "--sealed-file $GOLDEN/golden.sealed"; do
  read -ra READER_KEY <<<"$key"
  equal '["bob","t4"]' "$(dump '.credentials["a.example"] | [.username, .secret]')" "a.example by $key"
done

# A passphrase, at a terminal.
unset DOCKER_CREDENTIAL_KEYRING_KEY_FILE
golden passphrase
rm -f "$(index_file)"
call_at_terminal get docker.io --answer "$(<"$GOLDEN/golden.passphrase")"
equal 0 "$STATUS" 'exit of get, passphrase.vault'
equal 'é "quoted" \ <&>' "$(jq -r .Secret "$LAB/out")" 'the secret of passphrase.vault'

# The way that only a tang server could open is named.
golden clevis
vault key list
exits 0 'key list'
says clevis 8a568700 'worker é'
