# shellcheck shell=bash disable=SC2034 # read by the stories
# SPDX-License-Identifier: MIT
# What the stories of the field have besides vault_lab.sh: clients that are not ours.
FIELD_SOURCE=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

# docker_asks_us: by its config.json.
docker_asks_us() {
  mkdir -p "$HOME/.docker"
  echo '{"credsStore": "keyring"}' >"$HOME/.docker/config.json"
}

# docker_py all | SERVER: docker-py's answer: the servers of which it has a password, sorted; or the user
# name for SERVER, where - is Docker Hub as it is by default.
docker_py() {
  timeout -k 5 "$LIMIT" /usr/bin/python3 "$FIELD_SOURCE/docker_py.py" "$1" </dev/null 2>"$LAB/docker_py.log" ||
    fail "docker-py: $(tail -n 1 "$LAB/docker_py.log")"
}

# start_engine: what answers the docker CLI for an engine, and keeps in $LAB/builds what builds are sent.
start_engine() {
  start engine /usr/bin/python3 "$FIELD_SOURCE/engine.py" "$LAB/engine.sock" "$LAB/builds"
  wait_until test -S "$LAB/engine.sock"
}

# builds COMMAND…: the servers whose password this one sends along with a build, sorted.
builds() {
  mkdir -p "$LAB/context"
  echo 'FROM a.example/base' >"$LAB/context/Dockerfile"
  printf 'version: "2"\nservices: {app: {build: ., image: app}}\n' >"$LAB/context/docker-compose.yml"
  : >"$LAB/builds"
  (cd "$LAB/context" && DOCKER_HOST=unix://$LAB/engine.sock timeout -k 5 "$LIMIT" "$@" </dev/null) \
    >"$LAB/build.log" 2>&1 || fail "$*: $(tail -n 1 "$LAB/build.log")"
  jq -c '[to_entries[] | select(.value | .password // .Password) | .key] | sort' "$LAB/builds"
}

# docker_build, compose_build: by the classic builder, and by compose v1 itself.
docker_build() { DOCKER_BUILDKIT=0 builds docker build -q .; }
compose_build() { COMPOSE_DOCKER_CLI_BUILD=0 builds docker-compose build; }
