# shellcheck shell=bash disable=SC2034 # read by the stories
# SPDX-License-Identifier: MIT
# What the end-to-end stories have besides lab.sh: the docker client, registries, a token server and
# a docker engine, all real, all on loopback and on ports that the system chose. A story sources this
# file and begins; lab.sh ends what was started.
#
#   DOCKER  the docker client; unless given, the story is told once with every client on PATH

E2E_LAB=$(cd "${BASH_SOURCE[0]%/*}" && pwd)

if [[ -z ${DOCKER:-} ]]; then
  status=0 clients=()
  mapfile -t clients < <(type -aP docker | xargs -r -n1 realpath -e | sort -u)
  ((${#clients[@]})) || status=1
  for DOCKER in "${clients[@]}"; do
    DOCKER=$DOCKER "$0" "$@" || {
      status=$?
      printf '%s: failed with %s\n' "${0##*/}" "$("$DOCKER" --version)" >&2
    }
  done
  exit "$status"
fi

# shellcheck source=../../lab/lab.sh
. "${E2E_LAB%/e2e/lab}/lab/lab.sh"

ln -s "$DOCKER" "$LAB/bin/docker"
SERVERS=0

# bare_environment: from here on nothing is started with more than a machine without a session has.
# What is the story's own stays known to it.
bare_environment() {
  local name
  for name in $(compgen -e); do
    case $name in
    PATH | HOME | LAB | ASAN_OPTIONS | UBSAN_OPTIONS | LSAN_OPTIONS) ;;
    *) export -n "${name?}" ;;
    esac
  done
}

# docker with nothing but itself and the helper on PATH: it picks helpers that it finds there. Its
# answer is in $LAB/docker.out and $LAB/docker.err; on failure they are shown.
docker() {
  local status=0
  docker_status "$@" || status=$?
  ((!status)) || fail "docker $1 $2: exit $status: $(clip "$LAB/docker.out") $(clip "$LAB/docker.err")"
}

# docker that must fail.
docker_fails() {
  ! docker_status "$@" || fail "docker $1 $2: expected a failure"
}

docker_status() {
  timeout -k 5 "$LIMIT" env PATH="$LAB/bin" docker "$@" >"$LAB/docker.out" 2>"$LAB/docker.err"
}

# login REGISTRY USERNAME PASSWORD
login() {
  docker login --username "$2" --password-stdin "$1" <<<"$3"
}

# An image that every registry serves.
IMAGE=lab/greeting:1

# pulls REGISTRY: docker may read its image, without an engine.
pulls() { docker manifest inspect --insecure "$1/$IMAGE"; }

pulls_not() { docker_fails manifest inspect --insecure "$1/$IMAGE"; }

# configures JSON: what docker's config.json must say, in any order and layout.
configures() {
  equal "$(jq -S . <<<"$1")" "$(jq -S . "$HOME/.docker/config.json")" config.json
}

# A secret that nobody else has. It is kept in variables, and in files outside HOME and
# XDG_RUNTIME_DIR.
new_secret() { od -An -N15 -tx1 /dev/urandom | tr -d ' \n'; }

# no_trace SECRET…: none of them stands in a file that the user's programs wrote. trace: all do.
no_trace() {
  local files
  files=$(printf '%s\n' "$@" | "$E2E_LAB/find_secret.py" "$HOME" "$XDG_RUNTIME_DIR") ||
    fail "a secret stands in: $files"
}

trace() {
  local secret
  for secret in "$@"; do
    ! "$E2E_LAB/find_secret.py" "$HOME" <<<"$secret" >"$LAB/trace" ||
      fail 'expected a secret in a file, found none'
  done
}

# Starts a registry on the common storage, with the given `auth:` section (none: open to all);
# $REGISTRY is its host:port.
start_registry() {
  local auth=${1:-} name=registry$((++SERVERS))
  printf '%s\n' 'version: 0.1' 'http: {addr: "127.0.0.1:0", secret: lab}' \
    "storage: {filesystem: {rootdirectory: $LAB/storage}}" "$auth" >"$LAB/$name.yml"
  start "$name" timeout -k 5 3000 docker-registry serve "$LAB/$name.yml"
  wait_until grep -q 'listening on' "$LAB/$name.log"
  REGISTRY=$(grep -o -m1 'listening on 127\.0\.0\.1:[0-9]*' "$LAB/$name.log" | cut -d' ' -f3)
}

# Fills the common storage with $IMAGE.
seed_storage() {
  start_registry
  /usr/bin/python3 "$E2E_LAB/seed_image.py" "$REGISTRY" "${IMAGE%:*}" "${IMAGE#*:}"
  end_process "$STARTED"
}

# start_password_registry USERNAME PASSWORD: one that knows this account.
start_password_registry() {
  local file=$LAB/htpasswd$((++SERVERS))
  htpasswd -niBC 4 "$1" <<<"$2" >"$file"
  start_registry "auth: {htpasswd: {realm: lab, path: $file}}"
}

# start_token_registry USERNAME PASSWORD IDENTITY_TOKEN: one that trusts a token server. docker login
# keeps the identity token in the password's place.
start_token_registry() {
  local folder=$LAB/token$((++SERVERS))
  mkdir "$folder"
  jq -n --arg u "$1" --arg p "$2" --arg t "$3" \
    '{username: $u, password: $p, identity_token: $t}' >"$folder/account.json"
  start "${folder##*/}" timeout -k 5 3000 /usr/bin/python3 "$E2E_LAB/token_server.py" "$folder"
  wait_until test -s "$folder.log"
  start_registry "auth: {token: {realm: \"http://127.0.0.1:$(<"$folder.log")/token\",
    service: lab registry, issuer: lab issuer, rootcertbundle: $folder/certificate.pem}}"
}

# Four accounts at four registries, the last one with an identity token: what docker keeps of it is
# ${USERS[i]} and ${SECRETS[i]} for ${REGISTRIES[i]}.
start_four_registries() {
  local i
  # shellcheck disable=SC2016 # a robot account is called like that
  USERS=(ada bob 'eve/robot$p+x' '<token>') SECRETS=() REGISTRIES=()
  TOKEN_PASSWORD=$(new_secret)
  seed_storage
  for i in 0 1 2; do
    SECRETS+=("$(new_secret)")
    start_password_registry "${USERS[i]}" "${SECRETS[i]}"
    REGISTRIES+=("$REGISTRY")
  done
  REGISTRIES[1]=${REGISTRIES[1]/127.0.0.1/localhost}
  SECRETS+=("idt.$(new_secret)")
  start_token_registry tom "$TOKEN_PASSWORD" "${SECRETS[3]}"
  REGISTRIES+=("$REGISTRY")
}

# docker login to all four, by a docker that finds no helper and keeps them in plain text.
login_in_plain_text() {
  local i
  for i in 0 1 2; do login "${REGISTRIES[i]}" "${USERS[i]}" "${SECRETS[i]}"; done
  login "${REGISTRIES[3]}" tom "$TOKEN_PASSWORD"
  equal null "$(jq .credsStore "$HOME/.docker/config.json")" 'the helper that docker chose'
  trace "${SECRETS[@]}"
}

# The four are stored, in clear in no file, and docker can use each of them.
all_are_migrated() {
  local i
  no_trace "${SECRETS[@]}" "$TOKEN_PASSWORD"
  for i in 0 1 2 3; do
    has "${REGISTRIES[i]}" "${USERS[i]}" "${SECRETS[i]}"
    pulls "${REGISTRIES[i]}"
  done
}

# engine_options FOLDER SOCKET: ENGINE is what dockerd is told, so that it leaves this machine as it is: its files
# lie below FOLDER, and it touches neither networks nor the packet filter.
engine_options() {
  mkdir "$1"
  jq -n --arg key "$1/key.json" '{"deprecated-key-path": $key}' >"$1/daemon.json"
  ENGINE=(--config-file "$1/daemon.json" --data-root "$1/data" --exec-root "$1/exec" --pidfile "$1/pid"
    --host "unix://$2" --bridge none --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false
    --storage-driver vfs --exec-opt native.cgroupdriver=cgroupfs)
}

# Starts a docker engine, whose mounts are in a namespace of its own.
start_engine() {
  local folder=$LAB/engine
  engine_options "$folder" "$folder/socket"
  export DOCKER_HOST=unix://$folder/socket
  DOCKER_RAMDISK=1 start engine timeout -k 20 3000 unshare --mount dockerd "${ENGINE[@]}"
  (wait_until docker_status version) ||
    fail "the docker engine does not start: $(tail -n 1 "$LAB/engine.log")"
}

# Before lab.sh would lose patience with it.
stop_engine() {
  local i
  kill "$STARTED"
  for ((i = 0; i < 1200; i++)); do
    kill -0 "$STARTED" 2>/dev/null || return 0
    sleep 0.1
  done
  fail 'the docker engine does not end'
}

# --- a node's container runtime ------------------------------------------------------------------

# containerd_config FOLDER [CERTS]: what a containerd is told that leaves this machine as it is; CERTS is the folder
# with what it knows of registries.
containerd_config() {
  mkdir -p "$1"/{cni,opt}
  cat >"$1/config.toml" <<END
version = 2
root = "$1/root"
state = "$1/state"
[grpc]
address = "$1/socket"
[plugins."io.containerd.internal.v1.opt"]
path = "$1/opt"
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "native"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "$1/cni"
conf_dir = "$1/cni"
[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "${2:-}"
END
}

# cri FOLDER ACTION…: one of cri.py's, with the containerd of that folder.
cri() { timeout -k 5 "$LIMIT" /usr/bin/python3 "$E2E_LAB/cri.py" "$1/socket" "${@:2}" 2>"$LAB/cri.err"; }
