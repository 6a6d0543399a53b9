#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# migrate --from secretservice, with docker's real helper. It and we keep the same items in the keyring:
# then only the configuration changes. With a vault as the store the logins really move.
. "${BASH_SOURCE[0]%/*}/from_lab.sh" || exit 1

start_session
fill secretservice 20
mine='"aws.example": "ecr-login"'
text="{
  \"auths\": {\"h1.example\": {}, $(login plain.example eve secret-of-eve)},
  \"credsStore\": \"secretservice\",
  \"credHelpers\": {\"h2.example\": \"secretservice\", $mine}
}
"
begin() {
  config "$text"
  after=${text//'{"auth":'*'"}}'/'{}}'}
  after=${after//: \"secretservice\",$'\n'/: \"keyring\",$'\n'}
  after=${after//\"h2.example\": \"secretservice\", /}
}

# --- into the keyring, where they are
begin
before=$(keyring_as_it_is)
migrate --from secretservice --erase-source --json
exits 0
becomes "$after"
says 'erased nothing'
reports '[.files[1].entries[] | .action + " " + .store] | unique | join(", ")' 'moved keyring'
reports '.files[1].entries | length' 20
filled 20
has plain.example eve secret-of-eve
call erase plain.example
equal "$before" "$(keyring_as_it_is)" 'the items'
no_plaintext

# --- into the vault, on a machine where we are new
rm -rf "$HOME/.local/state"
use_vault
begin
migrate --from secretservice
exits 0 'to the vault'
tells h20.example moved 'to the vault'
becomes "$after"
equal "$before" "$(keyring_as_it_is)" 'the items'
filled 20
has plain.example eve secret-of-eve

# --- and out of the keyring, what changed there meanwhile left out
put_into secretservice h5.example user5 another-secret-of-5
migrate --from secretservice --erase-source --replace
exits 0 --replace
equal 0 "$(items docker_cli 1)" 'items in the keyring'
has h5.example user5 another-secret-of-5
holds_in secretservice 0
put_into secretservice h5.example user5 secret-of-5
migrate --from secretservice --erase-source
exits 3 'another login'
tells h5.example kept --replace
equal 1 "$(items docker_cli 1)" 'items in the keyring'
migrate --from secretservice --erase-source --replace
exits 0 'the other login, --replace'
filled 20
becomes "$after"
no_plaintext

# --- what our vault takes over, it takes out of the keyring; if the file cannot be written then, each
# login is in the one or the other
rm -rf "$HOME/.local/state" "$HOME/.local/share/docker-credential-keyring"
unset DOCKER_CREDENTIAL_KEYRING_STORE
fill secretservice 3
filled 3
lists "$(jq -n '[range(1; 4) | {"h\(.).example": "user\(.)"}] | add')"
rm -f "$HOME/key"
use_vault
begin
traced -e trace=renameat2 -e inject=renameat2:error=ENOSPC:when=1+ -- --from secretservice
exits 1 'a full disk'
keeps "$CONFIG" 'a full disk'
for i in 1 2 3; do
  reference get "h$i.example"
  not_found "h$i.example in the keyring"
done
filled 3
migrate --from secretservice
exits 0 'after a full disk'
becomes "$after"
filled 3
