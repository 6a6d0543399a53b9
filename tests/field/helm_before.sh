#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Helm before 3.8 kept its logins in registry.json, in plaintext as today's file: migrate moves them,
# doctor tells of them, restore gives them back there.
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

start_session
FILE=$HOME/.config/helm/registry.json
mkdir -p "${FILE%/*}"
text='{"auths":{"https://artifacts.example/":{"auth":"YWRhOnMz"}}}'
(umask 077 && printf %s "$text" >"$FILE")
run docker-credential-keyring doctor --json
equal "$FILE" "$(jq -r '.findings[] | select(.id == "plaintext-logins") | .text' "$LAB/out" | grep -o "$FILE")" doctor
run docker-credential-keyring migrate
exits 0 migrate
says "~${FILE#"$HOME"}" 'helm asks the keyring'
has artifacts.example ada s3
equal '{"auths":{"https://artifacts.example/":{}},"credsStore":"keyring"}' "$(<"$FILE")" "helm's file"
run docker-credential-keyring restore --yes
exits 0 restore
equal "$text" "$(<"$FILE")" "helm's file, given back"
