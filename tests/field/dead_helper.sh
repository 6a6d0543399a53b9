#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The helper that config.json names is there and answers nothing (for-win#12091, #9061: a Windows program
# that WSL cannot start): nothing is changed, for it may only be locked, and the words lead on.
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

make_vault_with_key
mkdir "$HOME/.docker"
before="{\"auths\":{\"reg.example\":{\"auth\":\"$(printf ada:s1 | base64)\"}},\"credsStore\":\"desktop.exe\"}"
(umask 077 && printf %s "$before" >"$HOME/.docker/config.json")
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "$0: Invalid argument" >&2\nexit 1\n' >"$LAB/bin/docker-credential-desktop.exe"
chmod 0755 "$LAB/bin/docker-credential-desktop.exe"

run docker-credential-keyring migrate --from desktop.exe
exits 1 'a helper that fails'
says 'Invalid argument' 'off PATH' 'taken without what it had'
equal "$before" "$(<"$HOME/.docker/config.json")" config.json
has_not reg.example

rm "$LAB/bin/docker-credential-desktop.exe"
run docker-credential-keyring migrate --from desktop.exe
exits 0 'a helper that is gone'
has reg.example ada s1
equal '{"auths":{"reg.example":{}},"credsStore":"keyring"}' "$(<"$HOME/.docker/config.json")" config.json
