#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# restore SERVER…: these, and no others; docker reads them in the file, and asks us for the rest.
. "${BASH_SOURCE[0]%/*}/../migrate/migrate_lab.sh" || exit 1

start_session
restore() { run docker-credential-keyring restore "$@"; }
text='{"auths":{"a.example":{},"https://b.example/v1/":{},"c.example":{}},"credsStore":"keyring"}'
store a.example ada secret-of-ada
store https://b.example/v1/ bob secret-of-bob
store c.example cyd secret-of-cyd
store docker.io hub secret-of-hub
a=$(auth ada secret-of-ada) b=$(auth bob secret-of-bob) hub=$(auth hub secret-of-hub)

# --- one, as it is spelled and otherwise
for server in a.example https://A.EXAMPLE/v2/; do
  config "$text"
  restore --yes "$server"
  exits 0 "$server"
  tells a.example restored ada
  becomes "{\"auths\":{\"a.example\":{\"auth\":\"$a\"},\"https://b.example/v1/\":{},\"c.example\":{}},\"credsStore\":\"keyring\",\"credHelpers\":{\"a.example\":\"\"}}"
done

# --- another one with it, and the exception under the name that docker asks for
restore --yes b.example
exits 0 'another one'
equal '{"a.example":"","b.example":""}' "$(jq -c .credHelpers "$CONFIG")" credHelpers
equal "$b" "$(jq -r '.auths["https://b.example/v1/"].auth' "$CONFIG")" 'b.example'
equal '{}' "$(jq -c '.auths["c.example"]' "$CONFIG")" 'c.example'

# --- docker logout removes both
timeout -k 5 "$LIMIT" docker logout a.example >"$LAB/logout" 2>&1 || fail "docker logout: $(<"$LAB/logout")"
equal '["c.example","https://b.example/v1/"]' "$(jq -c '.auths | keys' "$CONFIG")" 'after docker logout'
has_not a.example
store a.example ada secret-of-ada

# --- docker itself reads the one in the file, and asks for the other
for port in 1 2; do store "127.0.0.1:$port" "user$port" "secret-of-$port"; done
config '{"auths":{},"credsStore":"keyring"}'
restore --yes 127.0.0.1:1
mv "$LAB/bin/docker-credential-keyring" "$LAB/aside"
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "$1 $(cat)" >>"%s/asked"\nexec "%s" "$1" </dev/null\n' "$LAB" "$LAB/aside" \
  >"$LAB/bin/docker-credential-keyring"
chmod 0755 "$LAB/bin/docker-credential-keyring"
for port in 1 2; do
  ! timeout -k 5 "$LIMIT" docker manifest inspect --insecure "127.0.0.1:$port/x" >"$LAB/inspect" 2>&1 ||
    fail 'expected nobody to listen there'
done
mv "$LAB/aside" "$LAB/bin/docker-credential-keyring"
equal 'get 127.0.0.1:2' "$(sort -u "$LAB/asked")" 'what docker asked the helper for'
for port in 1 2; do erase "127.0.0.1:$port"; done

# --- Docker Hub goes under its own key, whatever it was stored as
config "$text"
restore --yes index.docker.io
exits 0 'Docker Hub'
equal "$hub" "$(jq -r '.auths["https://index.docker.io/v1/"].auth' "$CONFIG")" 'Docker Hub'
equal '{"https://index.docker.io/v1/":""}' "$(jq -c .credHelpers "$CONFIG")" credHelpers

# --- one that is not stored is missing; the other is done
config "$text"
restore --yes none.example a.example
exits 3 'one of two'
tells none.example missing 'nothing is stored'
tells a.example restored
equal '{"a.example":""}' "$(jq -c .credHelpers "$CONFIG")" credHelpers
config "$text"
restore --yes none.example
exits 1 'none'
keeps
says 'nothing was changed'

# --- the file has another login: it is not lost
config "{\"auths\":{$(login a.example eve secret-of-eve),\"c.example\":{}},\"credsStore\":\"keyring\"}"
restore --yes a.example
exits 1 'another login in the file'
tells a.example kept 'another login'
keeps
restore --yes
exits 3 'another login in the file, all'
tells a.example kept 'another login'
tells c.example restored
equal '{"a.example":"keyring"}' "$(jq -c .credHelpers "$CONFIG")" credHelpers
equal null "$(jq -c .credsStore "$CONFIG")" credsStore

# --- where another helper has the rest
config '{"auths":{"a.example":{}},"credsStore":"pass","credHelpers":{"a.example":"keyring"}}'
restore --yes a.example
exits 0 'another helper has the rest'
becomes "{\"auths\":{\"a.example\":{\"auth\":\"$a\"}},\"credsStore\":\"pass\",\"credHelpers\":{\"a.example\":\"\"}}"

# --- and migrate takes it back
config "$text"
restore --yes a.example
migrate
exits 0 'migrate takes it back'
becomes "$text"
has a.example ada secret-of-ada
no_plaintext
