#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every kind of login that a helper can hold moves, under the name by which docker asks for it.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
secret ey.identity-of-tom secret-of-up secret-not-used
# shellcheck disable=SC2016
user='robot$p+x'
hub=https://index.docker.io/v1/
config "{
	\"auths\": {
		$(login auth.example ada secret-of-ada),
		$(login 127.0.0.1:5000 "$user" 'a:b:"é"\\😀'),
		\"up.example\": {\"username\": \"bob\", \"password\": \"secret-of-up\"},
		\"both.example\": {\"username\": \"no\", \"password\": \"secret-not-used\", \"auth\": \"$(auth eve secret-of-eve)\"},
		\"idt.example\": {\"auth\": \"$(printf '00000000-0000-0000-0000-000000000000:' | base64 -w0)\", \"identitytoken\": \"ey.identity-of-tom\"},
		$(login "$hub" hub secret-of-hub),
		$(login https://scheme.example/v1/ kim secret-of-kim),
		$(login http://plain.example lee secret-of-lee),
		\"empty.example\": {}
	}
}"

migrate
exits 0
for server in auth.example 127.0.0.1:5000 up.example both.example idt.example "$hub" \
  https://scheme.example/v1/ http://plain.example; do
  tells "$server" moved keyring
done
tells idt.example '<token>'
says '8 logins moved'
equal "$(jq -S '.auths[] = {} | .credsStore = "keyring"' "$LAB/before")" "$(jq -S . "$CONFIG")" 'config.json'
alone
no_plaintext

has auth.example ada secret-of-ada
has 127.0.0.1:5000 "$user" 'a:b:"é"\\😀'
has up.example bob secret-of-up
has both.example eve secret-of-eve
has idt.example '<token>' ey.identity-of-tom
has "$hub" hub secret-of-hub
has_not empty.example
# Docker and podman ask for the host.
has scheme.example kim secret-of-kim
has plain.example lee secret-of-lee
has https://scheme.example/v1/ kim secret-of-kim

migrate
exits 0 'second run'
says 'nothing to do'
equal '' "$ERR" 'stderr of the second run'
