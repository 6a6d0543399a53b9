# shellcheck shell=bash disable=SC2034 # read by the stories
# SPDX-License-Identifier: MIT
# The field case's world, in mount, network and PID namespaces of its own: registry.example.com:443 behind nginx,
# with a wildcard certificate of a CA of its own; Nexus' group on 8082 and its hosted repository on 8086, both by
# docker-registry and nexus.py; nexus.example.com, which is its web interface; downloads.example.com, where the CA
# is. The names lie on an address outside 127/8, or docker would not look at the CA. README.md beside this says how
# near to a Nexus that is.
#
#   CLIENT  which of the docker clients on PATH: 1, or $ for the last

NEXUS_LAB=$(cd "${BASH_SOURCE[0]%/*}" && pwd)

if [[ -z ${IN_NAMESPACE:-} ]]; then
  ((EUID == 0)) || {
    echo "${0##*/}: needs root, for namespaces" >&2
    exit 1
  }
  DOCKER=${DOCKER:-$(type -aP docker | sed -n "${CLIENT:-1}p")}
  DOCKER=$(realpath -e "$DOCKER")
  export DOCKER IN_NAMESPACE=1 LAB_MOUNTS=$NEXUS_LAB/../lab/mounts.sh
  # shellcheck disable=SC2016
  exec unshare --mount --net --pid --fork --kill-child --mount-proc --propagation private bash -ec '
    . "$LAB_MOUNTS"
    cover /tmp nothing
    cover /dev/shm nothing
    exec "$0" "$@"' "$0" "$@"
fi

# shellcheck source=../containers/containers_lab.sh
. "$NEXUS_LAB/../containers/containers_lab.sh" || exit 1
# shellcheck source=../lab/recipes.sh
. "$LAB_SOURCE/recipes.sh"
# shellcheck source=machines_lab.sh
. "$NEXUS_LAB/machines_lab.sh"

FIELD_NAME=registry.example.com
HOST_ADDRESS=192.0.2.10

# certificate NAME SUBJECT ALTERNATIVE: a key and a certificate for these names, signed by the CA.
certificate() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$2" -keyout "$1.key" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out "$1.crt" \
    -extfile <(printf 'subjectAltName=DNS:%s' "$3")
}

# authority: a CA in the folder at hand.
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" \
    -addext keyUsage=critical,keyCertSign -keyout ca.key -out ca.crt
}

make_certificates() {
  local folder=$LAB/nexus
  mkdir -p "$folder"/{downloads,body}
  (
    cd "$folder" || exit
    authority 'Example CA' && certificate wildcard example.com '*.example.com' && cp ca.crt downloads/ca.crt
  ) >"$LAB/openssl.log" 2>&1 || fail "no certificates: $(<"$LAB/openssl.log")"
}

# start_storage NAME PORT [MAINTENANCE]: docker-registry, open to all, on the storage of both.
start_storage() {
  printf '%s\n' 'version: 0.1' "http: {addr: \"127.0.0.1:$2\", secret: lab}" \
    "storage: {filesystem: {rootdirectory: $LAB/nexus/storage}${3:-}}" >"$LAB/nexus/$1.yml"
  start "$1" docker-registry serve "$LAB/nexus/$1.yml"
}

# start_nexus CHALLENGE: basic or bearer. WORD is the password of the account `team`.
start_nexus() {
  local folder=$LAB/nexus
  ip link set lo up
  ip address add "$HOST_ADDRESS/32" dev lo
  make_certificates
  jq -n --arg challenge "$1" --arg team "$WORD" --arg admin "$ADMIN_WORD" \
    '{challenge: $challenge, users: {team: $team, admin: $admin}}' >"$folder/accounts.json"
  start nexus /usr/bin/python3 "$NEXUS_LAB/nexus.py" 8081 "$folder/accounts.json"
  start_storage hosted 5001
  start_storage group 5002 ', maintenance: {readonly: {enabled: true}}'
  recipe nexus-nginx | sed "s|/etc/nginx/|$folder/|g" >"$folder/field.conf"
  cp "$NEXUS_LAB"/{nexus,connector}.conf "$folder"
  sed -i "s|LAB/|$LAB/|g" "$folder"/{nexus,connector}.conf
  wait_until grep -qx ready "$LAB/nexus.log"
  start nginx nginx -c "$folder/nexus.conf"
  wait_until test -s "$folder/nginx.pid"
  wait_until listening 5001
  wait_until listening 5002
  /usr/bin/python3 "$E2E_LAB/seed_image.py" 127.0.0.1:5001 "${IMAGE%:*}" "${IMAGE#*:}"
}

listening() { [[ -n $(ss -Hltn "sport = :$1") ]]; }

# outside CURL-OPTION…: a call by somebody on the network, who has the CA; what is asked comes back in $LAB/curl.out.
outside() {
  curl -sS --max-time "$LIMIT" --cacert "$LAB/nexus/ca.crt" --resolve "*:443:$HOST_ADDRESS" \
    --resolve "*:80:$HOST_ADDRESS" -o "$LAB/curl.out" -w '%{http_code}' "$@"
}

# as_account NAME PASSWORD: the line that tells curl's -K who calls; on stdin, so that it is in no list of processes.
as_account() { printf 'user = "%s:%s"\n' "$1" "$2"; }

# change_password NEW: of `team`, as the admin does it.
change_password() {
  {
    as_account admin "$ADMIN_WORD"
    printf 'data = "%s"\n' "$1"
  } | outside -K - -X PUT -H 'Content-Type: text/plain' \
    https://nexus.example.com/service/rest/v1/security/users/team/change-password >"$LAB/curl.status"
  equal 204 "$(<"$LAB/curl.status")" 'the answer to the new password'
  WORD=$1
}

# went CONNECTOR METHODS [TEXT]: nginx sent such a request there.
went() { grep -qE "^$1:[0-9]+ ($2) .*${3:-}" "$LAB/nexus/access.log"; }
