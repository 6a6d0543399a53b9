#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Helpers whose `list` is not to be trusted: docker-credential-secretservice 0.9 lists labels in the
# place of servers, others leave something out. And a helper of another name that keeps its logins where
# we do: what is erased there would be lost.
. "${BASH_SOURCE[0]%/*}/from_lab.sh" || exit 1

start_session

# Docker's helper as it is in Debian, with the list of 0.9.
program labels <<'END'
#!/bin/sh
docker-credential-secretservice "$@" >"$LAB/answer" || { cat "$LAB/answer"; exit 1; }
if [ "$1" = list ]; then
  jq -c 'with_entries(.key = "Registry credentials for " + .key)' "$LAB/answer"
else
  cat "$LAB/answer"
fi
END
fill labels 20
put_into labels https://index.docker.io/v1/ kim secret-of-kim
config '{"auths":{},"credsStore":"labels"}'
before=$(keyring_as_it_is)

# --- repaired, and seen to be one with the keyring
migrate --from labels --erase-source
exits 0
tells h1.example moved user1 'to the keyring'
tells https://index.docker.io/v1/ moved kim
says_not 'Registry credentials for'
says 'erased nothing'
becomes '{"auths":{},"credsStore":"keyring"}'
equal "$before" "$(keyring_as_it_is)" 'the items'
filled 20
has https://index.docker.io/v1/ kim secret-of-kim

# --- into a vault, and erased there
rm -rf "$HOME/.local/state"
use_vault
migrate --from labels --erase-source
exits 0 'to the vault'
tells h1.example moved 'erased from docker-credential-labels'
equal 0 "$(items docker_cli 1)" 'items in the keyring'
filled 20
has https://index.docker.io/v1/ kim secret-of-kim

# --- a label that is a server's name, and one behind which there is nothing
program odd <<'END'
#!/bin/sh
read -r server
case $1,$server in
list,*) echo '{"Registry credentials for odd.example":"ada","Registry credentials for none.example":"eve"}' ;;
get,'Registry credentials for odd.example') echo '{"ServerURL":"","Username":"ada","Secret":"secret-of-ada"}' ;;
*) echo 'credentials not found in native keychain'; exit 1 ;;
esac
END
secret secret-of-ada
config '{"credsStore":"odd"}'
migrate --from odd
exits 3 'nothing behind a label'
tells 'Registry credentials for odd.example' moved
tells 'Registry credentials for none.example' kept 'cannot be had'
equal '{"Registry credentials for none.example":"odd"}' "$(jq -c .credHelpers "$CONFIG")" credHelpers

# --- a list that leaves out what config.json names
program short <<'END'
#!/bin/sh
read -r server
echo "$1 $server" >>"$LAB/asked"
case $1,$server in
list,*) echo '{}' ;;
get,named.example) echo '{"ServerURL":"","Username":"ada","Secret":"secret-of-ada"}' ;;
get,helped.example) echo '{"ServerURL":"","Username":"bob","Secret":"secret-of-bob"}' ;;
*) echo 'credentials not found in native keychain'; exit 1 ;;
esac
END
secret secret-of-bob
config '{"auths":{"https://named.example/v1/":{},"no.example":{},"aws.example":{}},"credsStore":"short","credHelpers":{"helped.example":"short","aws.example":"ecr-login"}}'
migrate --from short
exits 0 'a short list'
tells named.example moved ada
tells helped.example moved bob
becomes '{"auths":{"https://named.example/v1/":{},"no.example":{},"aws.example":{}},"credsStore":"keyring","credHelpers":{"aws.example":"ecr-login"}}'
! grep -q aws.example "$LAB/asked" || fail 'expected it not to be asked for what another helper has'
has named.example ada secret-of-ada
has helped.example bob secret-of-bob
no_plaintext
