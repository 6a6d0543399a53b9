# shellcheck shell=bash disable=SC2034 # read by the stories
# SPDX-License-Identifier: MIT
# A fleet in a network and mount namespace of its own: an etcd of three members with TLS, client certificates, and the
# roles that README gives; the machine of an admin, who has made the vault; and nodes, each of which is a home.
#
#   FLEET_ON  what it builds on: vault_lab, or clevis_lab

FLEET=$(cd "${BASH_SOURCE[0]%/*}" && pwd)

if [[ -z ${IN_NAMESPACE:-} ]]; then
  ((EUID == 0)) || {
    echo "${0##*/}: needs root, for namespaces" >&2
    exit 1
  }
  export IN_NAMESPACE=1 OWN_MOUNTS=1 LAB_MOUNTS=$FLEET/../lab/mounts.sh
  # What root has in /etc would count for every node.
  # shellcheck disable=SC2016
  exec unshare --mount --net --propagation private bash -ec '
    . "$LAB_MOUNTS"
    [[ ! -d /etc/docker-credential-keyring ]] || cover /etc/docker-credential-keyring nothing
    ip link set lo up
    exec "$0" "$@"' "$0" "$@"
fi

# shellcheck source=../vault/vault_lab.sh
. "$FLEET/../vault/${FLEET_ON:-vault_lab}.sh" || exit 1

MEMBERS=(127.0.0.1 127.0.0.2 127.0.0.3)
MEMBER_PIDS=()
PREFIX=/dck/prod
PLACE=etcd://127.0.0.1:2379,127.0.0.2:2379,127.0.0.3:2379$PREFIX

# --- certificates ------------------------------------------------------------------------------------

CERTS=$LAB/certs
mkdir "$CERTS"

# authority NAME: a CA.
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj "/CN=$1" \
    -addext keyUsage=critical,keyCertSign -keyout "$CERTS/$1.key" -out "$CERTS/$1.pem" >>"$LAB/openssl.log" 2>&1
}

# certificate NAME COMMON-NAME [CA [DAYS]]: of a client of this name; of a member, where that is `member`.
certificate() {
  local ca=${3:-ca} extension=extendedKeyUsage=clientAuth
  [[ $1 != member ]] || extension='subjectAltName=IP:127.0.0.1,IP:127.0.0.2,IP:127.0.0.3,IP:127.0.0.4'
  {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$2" \
      -keyout "$CERTS/$1.key" -out "$CERTS/$1.csr" &&
      openssl x509 -req -in "$CERTS/$1.csr" -CA "$CERTS/$ca.pem" -CAkey "$CERTS/$ca.key" -CAcreateserial \
        -days "${4:-60}" -out "$CERTS/$1.pem" -extfile <(echo "$extension")
  } >>"$LAB/openssl.log" 2>&1 || fail "no certificate: $(<"$LAB/openssl.log")"
}

# access NAME: the options by which a client of this name is known.
access() { printf '%s\n' --ca "$CERTS/ca.pem" --cert "$CERTS/$1.pem" --cert-key "$CERTS/$1.key"; }

# --- etcd --------------------------------------------------------------------------------------------

# start_member NUMBER [new|existing]
start_member() {
  local address=${MEMBERS[$1]} cluster='' i
  for i in "${!MEMBERS[@]}"; do cluster+=${cluster:+,}m$i=http://${MEMBERS[i]}:2380; done
  start "member$1" etcd --name "m$1" --data-dir "$LAB/member$1" --log-level error \
    --heartbeat-interval=20 --election-timeout=200 \
    --listen-client-urls "https://$address:2379" --advertise-client-urls "https://$address:2379" \
    --listen-peer-urls "http://$address:2380" --initial-advertise-peer-urls "http://$address:2380" \
    --initial-cluster "$cluster" --initial-cluster-state "${2:-new}" \
    --cert-file "$CERTS/member.pem" --key-file "$CERTS/member.key" --client-cert-auth --trusted-ca-file "$CERTS/ca.pem"
  MEMBER_PIDS[$1]=$STARTED
}

kill_member() {
  kill -KILL "${MEMBER_PIDS[$1]}"
  wait "${MEMBER_PIDS[$1]}" 2>>"$LAB/noise" || equal 137 "$?" "how member $1 ended"
}

# as_user NAME ARGUMENT…: etcdctl with that certificate, on all members.
as_user() {
  ETCDCTL_API=3 etcdctl --endpoints "$(printf 'https://%s:2379,' "${MEMBERS[@]}" | sed 's/,$//')" \
    --cacert "$CERTS/ca.pem" --cert "$CERTS/$1.pem" --key "$CERTS/$1.key" --command-timeout=60s "${@:2}"
}

# in_the_place NAME: the bytes of the vault there, as this user gets them; etcdctl adds a line end.
in_the_place() {
  as_user "$1" get "$PREFIX/vault" --print-value-only >"$LAB/value"
  truncate -s -1 "$LAB/value"
  cat "$LAB/value"
}

start_etcd() {
  local i
  for i in "${!MEMBERS[@]}"; do start_member "$i"; done
  wait_until as_user root get "$PREFIX/vault"
  give_roles
}

give_roles() {
  local line
  while read -ra line; do
    as_user root "${line[@]}" >>"$LAB/roles.log" 2>&1 || fail "etcdctl ${line[*]}: $(<"$LAB/roles.log")"
  done < <(roles)
}

# roles: what an administrator of etcd types behind etcdctl.
roles() {
  printf '%s\n' 'user add root --no-password' 'user grant-role root root' \
    'role add dck-admin' "role grant-permission dck-admin --prefix=true readwrite $PREFIX/" \
    'role add dck-node' "role grant-permission dck-node --prefix=true read $PREFIX/" \
    'user add admin --no-password' 'user grant-role admin dck-admin' \
    'user add node --no-password' 'user grant-role node dck-node' 'auth enable'
}

# --- machines ----------------------------------------------------------------------------------------

FLEET_KEY=$LAB/fleet.key

# on MACHINE COMMAND…: with its home, as after `run`.
on() {
  local machine=$1
  shift
  mkdir -p "$LAB/$machine"
  run env HOME="$LAB/$machine" "$@"
}

# copy_of MACHINE: the file.
copy_of() { echo "$LAB/$1/.local/share/docker-credential-keyring/vault"; }

# settings_of MACHINE: the file.
settings_of() { echo "$LAB/$1/.config/docker-credential-keyring/settings.json"; }

# set_on MACHINE NAME VALUE [NAME VALUE…]: in its settings, until `reset_on MACHINE`.
set_on() {
  local file
  file=$(settings_of "$1")
  cp -p "$file" "$LAB/settings.kept"
  jq '. + ([$ARGS.positional as $all | range(0; $all | length; 2) | {($all[.]): $all[. + 1]}] | add)' \
    "$LAB/settings.kept" --args "${@:2}" >"$file"
}
reset_on() { cp -p "$LAB/settings.kept" "$(settings_of "$1")"; }

# same_vault EXPECTED GOT WHAT: byte for byte.
same_vault() { cmp "$1" "$2" >"$LAB/noise" 2>&1 || fail "$3: $(<"$LAB/noise")"; }

# login MACHINE SERVER USERNAME SECRET
login() {
  INPUT=<(credential "${@:2}") on "$1" docker-credential-keyring store
  exits 0 "store on $1"
}

# answers MACHINE SERVER USERNAME SECRET: what docker gets there.
answers() {
  INPUT=<(printf '%s\n' "$2") on "$1" docker-credential-keyring get
  exits 0 "get on $1"
  jq -e --arg s "$2" --arg u "$3" --arg p "$4" '. == {ServerURL: $s, Username: $u, Secret: $p}' \
    <"$LAB/out" >"$LAB/verdict" 2>&1 || fail "get $2 on $1: got «$OUT»"
}

# The admin's machine, with a vault that has the fleet's key and is in the place. $ID is its id.
begin_fleet() {
  authority ca
  certificate member member
  certificate root root
  certificate admin admin
  certificate node node
  start_etcd
  on admin docker-credential-keyring vault create --key-file "$FLEET_KEY"
  exits 0 'vault create'
  login admin a.example ada old-secret
  mapfile -t ADMIN_ACCESS < <(access admin)
  mapfile -t NODE_ACCESS < <(access node)
  on admin docker-credential-keyring vault share "$PLACE" "${ADMIN_ACCESS[@]}"
  exits 0 'vault share'
  ID=$(sed -n 's/^id //p' "$LAB/out")
}

# join_node NAME
join_node() {
  on "$1" docker-credential-keyring vault join "$PLACE" --id "$ID" --key-file "$FLEET_KEY" "${NODE_ACCESS[@]}"
  exits 0 "join of $1"
}

# sync_on MACHINE: must succeed.
sync_on() {
  on "$1" docker-credential-keyring vault sync
  exits 0 "sync on $1"
}
