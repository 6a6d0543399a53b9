#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# After a way back to docker-credential-secretservice, which lists the label of an item as its server: a
# build gets each that is listed. An item with the label of before is labelled anew when it is stored.
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

# labels: those of all items of docker's, by a client that is not ours.
labels() {
  timeout -k 5 "$LIMIT" /usr/bin/python3 -c '
import json, secretstorage
items = secretstorage.search_items(secretstorage.dbus_init(), {"docker_cli": "1"})
print(json.dumps(sorted(item.get_label() for item in items), separators=(",", ":")))'
}

start_engine
start_session
printf old | timeout -k 5 "$LIMIT" secret-tool store --label='Registry credentials for b.example' \
  label 'Docker Credentials' server b.example username bob docker_cli 1 xdg:schema io.docker.Credentials
store a.example ada s3
store https://index.docker.io/v1/ hub t4
has b.example bob old
equal '["Registry credentials for b.example","a.example","https://index.docker.io/v1/"]' "$(labels)" labels
store b.example bob new
equal '["a.example","b.example","https://index.docker.io/v1/"]' "$(labels)" 'labels after a store'
docker_asks_us
equal '["a.example","b.example","https://index.docker.io/v1/"]' "$(docker_build)" 'what a build is sent by us'

# --- the way back
mkdir -p "$HOME/.docker"
echo '{"credsStore": "secretservice"}' >"$HOME/.docker/config.json"
equal '["a.example","b.example","https://index.docker.io/v1/"]' "$(docker_build)" 'what a build is sent by the other'
