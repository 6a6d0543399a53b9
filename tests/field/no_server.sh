#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A login that names no server: in a list, as a keychain has had it, nobody can ask for it, and it stops
# neither a build nor the move to another helper; in a file it stays and is named, and nothing is set up
# for it.
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

start_session
CONFIG=$HOME/.docker/config.json
umask 077
docker_asks_us
start_engine

# --- in the keyring
for server in '' ' '; do
  printf s9 | timeout -k 5 "$LIMIT" secret-tool store --label=none label 'Docker Credentials' \
    server "$server" username nobody docker_cli 1 xdg:schema io.docker.Credentials
done
store a.example ada s3
lists '{"a.example": "ada"}'
equal '["a.example"]' "$(docker_py all)" 'what docker-py finds'
equal '["a.example"]' "$(docker_build)" 'what a build is sent'
equal '["a.example"]' "$(compose_build)" 'what a build by compose is sent'

# --- with another helper
cat >"$LAB/bin/docker-credential-other" <<'SCRIPT'
#!/bin/sh
case $1 in
list) echo '{"":"nobody"," ":"nobody","z.example":"zoe"}' ;;
get)
  read -r server
  [ -n "$server" ] || { echo 'no credentials server URL' && exit 1; }
  echo "{\"ServerURL\":\"$server\",\"Username\":\"zoe\",\"Secret\":\"s4\"}"
  ;;
esac
SCRIPT
chmod 0755 "$LAB/bin/docker-credential-other"
echo '{"auths":{"z.example":{}},"credsStore":"other"}' >"$CONFIG"
run docker-credential-keyring migrate --from other
exits 0 'migrate --from'
has z.example zoe s4
equal '{"auths":{"z.example":{}},"credsStore":"keyring"}' "$(<"$CONFIG")" 'config.json'

# --- in a file
echo '{"auths":{"":{"auth":"YWRhOnMz"}," ":{"auth":"YWRhOnMz"},"reg.example":{"auth":"YWRhOnMz"}}}' >"$CONFIG"
run docker-credential-keyring migrate
exits 3 migrate
says '  ""  ' 'it names no server' '1 login moved'
says_not 'the files are asked too'
equal '{"auths":{"":{"auth":"YWRhOnMz"}," ":{"auth":"YWRhOnMz"},"reg.example":{}},"credsStore":"keyring"}' \
  "$(<"$CONFIG")" 'config.json'
has reg.example ada s3
equal ada "$(skopeo login --get-login reg.example)" 'what skopeo finds'
run docker-credential-keyring doctor --json
equal entry-broken "$(jq -r '[.findings[] | select(.severity != "info") | .id] | unique | join(" ")' "$LAB/out")" doctor
says 'the entry of \"\" in'
