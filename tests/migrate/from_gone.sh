#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Another helper has docker's ear: migrate names the command. Where that helper is gone, as Docker
# Desktop's after its removal, --from takes its place, and says which entries have no login any more.
. "${BASH_SOURCE[0]%/*}/from_lab.sh" || exit 1

start_session

# --- it is there: the command is named; one that makes tokens has none
program other <<<$'#!/bin/sh\necho {}'
config '{"auths":{},"credsStore":"other"}'
migrate
exits 1 'another helper'
says 'docker-credential-keyring migrate --from other'
keeps
config '{"auths":{},"credsStore":"ecr-login"}'
migrate
exits 1 'one that makes tokens'
says credHelpers
says_not --from

# --- it is gone
gone='{"auths":{"a.example":{},"https://b.example/v1/":{},"stored.example":{},%s},"credsStore":"desktop","credHelpers":{"c.example":"desktop","k.example":"keyring"}}'
# shellcheck disable=SC2059
config "$(printf "$gone" "$(login p.example pia secret-of-pia)")"
store stored.example stan secret-of-stan
migrate --from desktop --erase-source
exits 1 --erase-source
keeps
says 'docker-credential-desktop is not on PATH' 'nothing can be erased'
migrate --from desktop --dry-run
exits 0 --dry-run
keeps
tells a.example gone 'log in again'
migrate --from desktop
exits 0
for server in a.example https://b.example/v1/ c.example; do tells "$server" gone 'log in again'; done
tells p.example moved
says_not 'gone    stored.example'
says 'docker-credential-desktop is not on PATH'
has p.example pia secret-of-pia
# shellcheck disable=SC2059
becomes "$(printf '{"auths":{"a.example":{},"https://b.example/v1/":{},"stored.example":{},"p.example":{}},"credsStore":"keyring","credHelpers":{"k.example":"keyring"}}')"
no_plaintext
migrate --json
exits 0 'migrate again'
reports '[.files[].entries[].action] | unique | join(" ")' skipped

# --- for one host alone, and another for the rest, which goes on
config '{"auths":{"c.example":{}},"credsStore":"other","credHelpers":{"c.example":"desktop"}}'
migrate --from desktop --json
reports '.files[-1].entries | map(.server + " " + .action) | join(" ")' 'c.example skipped'
becomes '{"auths":{"c.example":{}},"credsStore":"other","credHelpers":{"c.example":"keyring"}}'

# --- there, and dead
program desktop <<<$'#!/bin/sh\nexec /nonexistent/program'
config '{"auths":{"a.example":{}},"credsStore":"desktop"}'
migrate --from desktop
exits 0 dead
tells a.example gone
becomes '{"auths":{"a.example":{}},"credsStore":"keyring"}'

# --- nobody names it: a typing error
rm "$LAB/bin/docker-credential-desktop"
config '{"auths":{},"credsStore":"other"}'
migrate --from othre
refused 'a typing error'
says 'docker-credential-othre is not on PATH'

# --- it is a link to us: its name goes, and what is stored stays
ln -sf docker-credential-keyring "$LAB/bin/docker-credential-desktop"
config "{\"auths\":{\"stored.example\":{},\"lost.example\":{},$(login n.example nora secret-of-nora)},\"credsStore\":\"desktop\"}"
migrate --from desktop --erase-source
exits 1 'a link, --erase-source'
says 'docker-credential-desktop is this program itself'
keeps
migrate
exits 0 'a link'
says 'docker-credential-desktop is this program under another name'
says_not 'log in again'
has n.example nora secret-of-nora
has stored.example stan secret-of-stan
becomes '{"auths":{"stored.example":{},"lost.example":{},"n.example":{}},"credsStore":"keyring"}'
