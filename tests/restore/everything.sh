#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# restore: the logins are back in config.json, docker asks us no more, and what was not ours keeps its
# bytes. They stay in the keyring as well.
. "${BASH_SOURCE[0]%/*}/../migrate/migrate_lab.sh" || exit 1

start_session
restore() { run docker-credential-keyring restore "$@"; }

# may_hold: config.json may hold the secrets, and nothing else.
no_plaintext_beside() {
  mv "$CONFIG" "$LAB/aside"
  no_plaintext
  mv "$LAB/aside" "$CONFIG"
}

# docker_has SERVER USERNAME SECRET: as docker reads the file.
docker_has() {
  equal "$2:$3" "$(jq -r --arg s "$1" '.auths[$s].auth' "$CONFIG" | base64 -d)" "$1 in the file"
}

# --- migrate and back: the very bytes, docker's own layout
config "{
	\"auths\": {
		\"h.example\": {
			\"auth\": \"$(auth ada secret-of-ada)\"
		},
		\"https://index.docker.io/v1/\": {
			\"auth\": \"$(auth bob 'secret-of:böb <&>')\"
		},
		\"token.example\": {
			\"auth\": \"MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwOg==\",
			\"identitytoken\": \"identity-of-cyd\"
		}
	},
	\"HttpHeaders\": {
		\"X-Mine\": \"<&>\"
	},
	\"detachKeys\": \"ctrl-e,e\"
}"
secret identity-of-cyd
migrate
exits 0 migrate
no_plaintext
restore --yes
exits 0
keeps
for server in h.example https://index.docker.io/v1/ token.example; do tells "$server" restored keyring; done
says '3 logins written in plaintext' 'stay in the keyring' 'docker-credential-keyring remove SERVER'
equal 600 "$(stat -c %a "$CONFIG")" mode
has h.example ada secret-of-ada
no_plaintext_beside

# --- and once more there and back
migrate
exits 0 'migrate again'
equal keyring "$(jq -r .credsStore "$CONFIG")" credsStore
no_plaintext
restore --yes
keeps
restore --yes
exits 0 'nothing to restore'
says 'nothing to do'
keeps

# --- what docker or podman have stored since is restored too; an entry that the store knows nothing of
# stays as it is; other helpers keep theirs
store new.example kim secret-of-kim
secret secret-of-kim
config '{"auths":{"gone.example":{}},"credsStore":"keyring","credHelpers":{"aws.example":"ecr-login","h.example":"keyring"}}'
restore --yes
exits 0 'since then'
equal '{"gone.example":{},"h.example":true,"https://index.docker.io/v1/":true,"new.example":true,"token.example":true}' \
  "$(jq -cS '.auths | map_values(if .auth then true else . end)' "$CONFIG")" entries
equal '{"aws.example":"ecr-login"}' "$(jq -c .credHelpers "$CONFIG")" credHelpers
equal null "$(jq -r .credsStore "$CONFIG")" credsStore
docker_has h.example ada secret-of-ada
docker_has new.example kim secret-of-kim

# --- there is no file: it is made, for its owner alone
rm "$CONFIG"
(umask 022 && restore --yes && exits 0 'no file')
equal 600 "$(stat -c %a "$CONFIG")" 'mode of a new file'
docker_has h.example ada secret-of-ada
rm -r "$HOME/.docker"
DOCKER_CONFIG=$HOME/other/folder restore --yes
exits 0 'no folder'
equal 700 "$(stat -c %a "$HOME/other/folder")" 'mode of a new folder'
equal 4 "$(jq '.auths | length' "$HOME/other/folder/config.json")" entries
rm -r "$HOME/other"
mkdir -m 0700 "$HOME/.docker"

# --- a file that others may read is closed to them; --config; a symlink stays one
mkdir "$HOME/dotfiles"
config '{"auths":{},"credsStore":"keyring"}' "$HOME/dotfiles/docker.json"
chmod 0644 "$HOME/dotfiles/docker.json"
ln -s ../dotfiles/docker.json "$CONFIG"
restore --yes --config "$CONFIG"
exits 0 'a symlink'
says 'others could read' 'its owner alone'
[[ -L $CONFIG ]] || fail 'expected the symlink to stay'
equal 600 "$(stat -Lc %a "$CONFIG")" mode
docker_has h.example ada secret-of-ada
rm -r "$CONFIG" "$HOME/dotfiles"

# --- the set-up alone: no login is written, nobody is asked, no name of ours is left
config '{"auths":{"h.example":{},"x.example":{"auth":"eDp5"}},"credsStore":"keyring","credHelpers":{"a":"keyring","b":"pass","x.example":""}}'
restore --setup-only
exits 0 --setup-only
becomes '{"auths":{"h.example":{},"x.example":{"auth":"eDp5"}},"credHelpers":{"b":"pass"}}'
says 'no login was written'
restore --setup-only
exits 0 '--setup-only again'
rm "$CONFIG"
restore --setup-only
exits 0 '--setup-only, no file'
[[ ! -e $CONFIG ]] || fail 'expected no file to be made'
restore --setup-only h.example
exits 2 '--setup-only and a server'
has h.example ada secret-of-ada

# --- a username that `auth` cannot hold: docker reads these fields as well
store colon.example a:b secret-of-colon
secret secret-of-colon
config '{"auths":{"colon.example":{}},"credsStore":"keyring"}'
restore --yes colon.example
exits 0 'a colon'
tells colon.example restored colon
equal '{"username":"a:b","password":"secret-of-colon"}' "$(jq -c '.auths["colon.example"]' "$CONFIG")" entry
