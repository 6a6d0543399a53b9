#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# README's recipe for a key in a secret store, with a real pass and a real gpg key.
. "${BASH_SOURCE[0]%/*}/../migrate/from_lab.sh" || exit 1
# shellcheck source=../lab/recipes.sh
. "$LAB_SOURCE/recipes.sh"

use_pass ''
key=$(head -c 32 /dev/urandom | base64)
secret "$key"
pass insert --multiline ci/vault-key <<<"$key" >"$LAB/pass.log"
config "{\"auths\":{$(login reg.example ci word-one)}}"
{ recipe ci-key-command && echo 'docker-credential-keyring vault lock && echo reg.example | docker-credential-keyring get'; } >"$LAB/steps"
bash -eo pipefail "$LAB/steps" >"$LAB/out" 2>"$LAB/err" || fail "the recipe: $(clip "$LAB/out") $(clip "$LAB/err")"
equal word-one "$(tail -n 1 "$LAB/out" | jq -r .Secret)" 'what the vault has, unlocked by pass'
no_plaintext
equal keyring "$(jq -r .credsStore "$CONFIG")" credsStore
