#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# helm registry login writes a file of docker's format beside helm's own: migrate moves what is in it,
# doctor tells of it, restore gives it back there.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
HELM_FILE=$HOME/.config/helm/registry/config.json
mkdir -p "${HELM_FILE%/*}"
finding() { jq -r --arg f "$HELM_FILE" '[.findings[] | select(.text | contains($f)) | .id] | join(" ")' <<<"$OUT"; }

config '{}'
config "{\"auths\":{$(login h.example ada secret-of-ada)}}" "$HELM_FILE"
run docker-credential-keyring doctor --json
equal plaintext-logins "$(finding)" 'what doctor finds'
migrate --dry-run
says "~${HELM_FILE#"$HOME"}" 'helm would ask the keyring'
keeps "$HELM_FILE"
migrate
exits 0
says "~${HELM_FILE#"$HOME"}" '1 login moved; helm asks the keyring from now on'
becomes '{"auths":{"h.example":{}},"credsStore":"keyring"}' "$HELM_FILE"
has h.example ada secret-of-ada
no_plaintext
run docker-credential-keyring doctor --json
equal '' "$(finding)" 'what doctor finds then'

# --- and back
run docker-credential-keyring restore --yes
exits 0 restore
same_file "$LAB/before" "$HELM_FILE" "helm's file"
equal '{}' "$(<"$CONFIG")" "docker's file"
says_not '0 logins'

# --- what helm has stored since then, too; one that is named stays with helm
migrate
store n.example nan secret-of-nan
jq '.auths["n.example"] = {}' "$HELM_FILE" >"$LAB/edited"
cp "$LAB/edited" "$HELM_FILE"
run docker-credential-keyring restore --yes n.example h.example
exits 0 'two that are named'
equal 'ada:secret-of-ada nan:secret-of-nan' "$(jq -r '[.auths[].auth | @base64d] | join(" ")' "$HELM_FILE")" "helm's"

# --- its set-up alone
config '{"auths":{"h.example":{}},"credsStore":"keyring"}' "$HELM_FILE"
run docker-credential-keyring restore --setup-only
exits 0 --setup-only
becomes '{"auths":{"h.example":{}}}' "$HELM_FILE"
