#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A machine without any bus: store, get, list and erase on a vault that a key file opens. What was stored
# comes back byte for byte, the index says where it is, and no file holds it in clear.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

make_vault_with_key
equal 600 "$(stat -c %a "$VAULT")" 'mode of the vault'
equal 700 "$(stat -c %a "$VAULT_FOLDER")" 'mode of its folder'
equal 600 "$(stat -c %a "$KEY_FILE")" 'mode of the key file'
[[ $(<"$KEY_FILE") =~ ^dck-key-1:[A-Za-z0-9_-]{43}$ ]] || fail 'the key file is not one line of ours'
lists '{}'
has_not a.example
erase a.example

store a.example ada secret-of-ada
silent store
has a.example ada secret-of-ada
silent get
lists '{"a.example": "ada"}'
silent list
store a.example bob secret-of-bob
has a.example bob secret-of-bob
store https://index.docker.io/v1/ eve secret-of-eve
lists '{"a.example": "bob", "https://index.docker.io/v1/": "eve"}'
equal '{"a.example":"vault","https://index.docker.io/v1/":"vault"}' \
  "$(index '.servers | map_values(.store)')" 'the index'
no_trace secret-of-ada secret-of-bob secret-of-eve

# --- spellings, as on the keyring
has docker.io eve secret-of-eve
has https://a.example/v2/ bob secret-of-bob
has_not a.example:5000
store reg.example/team tea secret-of-team
has reg.example/team/app tea secret-of-team
has_not reg.example/teammate

# --- looking changes nothing, nor does the erase of what is not there
remember
call get a.example
call list
erase stranger.example
unchanged 'after get, list and an erase in vain'
[[ ! -e $VAULT_FOLDER/vault.new ]] || fail 'vault.new was left'
erase a.example
has_not a.example
lists '{"https://index.docker.io/v1/": "eve", "reg.example/team": "tea"}'
equal null "$(index '.servers["a.example"]')" 'a.example in the index'

# --- texts
texts=('"' "\\" $'line\nline\n' '  spaces  ' '<>&' 'é 🔑' '{"Secret":"x"}' '-n' $'\t\r' "\$HOME \`id\`")
for text in "${texts[@]}"; do
  store text.example 'user/with:all <of> "it"' "$text"
  has text.example 'user/with:all <of> "it"' "$text"
done
call store '{"ServerURL":"nul.example","Username":"u","Secret":"a\u0000b"}'
broke 'store of a NUL'
has_not nul.example
call store '{"ServerURL":"half.example","Username":"u","Secret":"\ud800"}'
broke 'store of half a surrogate pair'
has_not half.example
# An empty secret is none, as on the keyring.
store text.example u ''
has_not text.example

# --- a mebibyte
head -c 786432 /dev/urandom | base64 -w0 >"$LAB/mebibyte"
call store "{\"ServerURL\":\"big.example\",\"Username\":\"u\",\"Secret\":\"$(<"$LAB/mebibyte")\"}"
equal 0 "$STATUS" 'exit of the store of a mebibyte'
call get big.example
jq -j .Secret "$LAB/out" >"$LAB/got"
same_file "$LAB/mebibyte" "$LAB/got" 'a mebibyte'
erase big.example

# --- elsewhere, by the environment
export DOCKER_CREDENTIAL_KEYRING_VAULT=$LAB/elsewhere/vault
mkdir -m 0700 "$LAB/elsewhere"
cp -p "$VAULT" "$DOCKER_CREDENTIAL_KEYRING_VAULT"
mv "$VAULT" "$LAB/aside"
mv "$KEY_FILE" "$LAB/key"
call get docker.io
broke 'get without the key file'
DOCKER_CREDENTIAL_KEYRING_KEY_FILE=$LAB/key has docker.io eve secret-of-eve
mkdir "$LAB/credentials"
cp "$LAB/key" "$LAB/credentials/docker-credential-keyring"
chmod 0440 "$LAB/credentials/docker-credential-keyring" # as systemd gives it
CREDENTIALS_DIRECTORY=$LAB/credentials has docker.io eve secret-of-eve
silent 'get, with a file of systemd'
