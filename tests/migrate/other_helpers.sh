#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Another helper that is configured already is named, and never put out of its place.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session

# --- for everything
config "{\"auths\":{$(login h.example ada secret-of-ada)},\"credsStore\":\"secretservice\"}"
migrate
exits 3 credsStore
says secretservice
tells h.example kept secretservice
keeps
nothing_stored
migrate --json
exits 3 credsStore
reports '.files[0].status' partial
reports '.files[0].entries[0].action' kept
migrate --replace
exits 3 --replace
keeps
nothing_stored

# --- for everything, and there is nothing to move
config '{"auths":{"h.example":{}},"credsStore":"pass"}'
migrate
exits 1 'credsStore, no entries'
says pass
keeps
migrate --json
reports '.files[0].status' refused
keeps

# --- for one host: the rest moves
config "{\"auths\":{$(login aws.example ada secret-of-ada),$(login h.example bob secret-of-bob)},\"credHelpers\":{\"aws.example\":\"ecr-login\"}}"
migrate
exits 3 credHelpers
tells aws.example kept ecr-login
tells h.example moved
equal "$(jq -cS '.auths["h.example"] = {} | .credsStore = "keyring"' "$LAB/before")" "$(jq -cS . "$CONFIG")" config.json
has h.example bob secret-of-bob
has_not aws.example

# --- for one host, spelled otherwise in auths
forget_all
config "{\"auths\":{$(login https://aws.example/v1/ ada secret-of-ada)},\"credHelpers\":{\"aws.example\":\"ecr-login\"}}"
migrate
exits 3 'credHelpers, another spelling'
has_not aws.example
equal "$(jq -c .auths "$LAB/before")" "$(jq -c .auths "$CONFIG")" auths

# --- for one host it is this one
forget_all
config "{\"auths\":{$(login h.example bob secret-of-bob)},\"credHelpers\":{\"h.example\":\"keyring\"}}"
migrate
exits 0 'credHelpers: keyring'
equal '{"auths":{"h.example":{}},"credHelpers":{"h.example":"keyring"},"credsStore":"keyring"}' "$(jq -cS . "$CONFIG")" config.json
has h.example bob secret-of-bob

# --- for one host it is this one, whatever the rest uses
forget_all
config "{\"auths\":{$(login h.example bob secret-of-bob),$(login o.example ada secret-of-ada)},\"credHelpers\":{\"h.example\":\"keyring\"},\"credsStore\":\"pass\"}"
migrate
exits 3 'credHelpers: keyring; credsStore: pass'
tells h.example moved
tells o.example kept pass
equal "$(jq -cS '.auths["h.example"] = {}' "$LAB/before")" "$(jq -cS . "$CONFIG")" config.json
has h.example bob secret-of-bob

# --- it is this one, and a docker without helper left a login all the same
forget_all
config "{\"auths\":{$(login h.example bob secret-of-bob)},\"credsStore\":\"keyring\"}"
migrate
exits 0 'credsStore: keyring'
becomes '{"auths":{"h.example":{}},"credsStore":"keyring"}'
has h.example bob secret-of-bob
