#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A Kubernetes node: a real containerd pulls from a password registry with what the kubelet is given for the
# image, by the interface that the kubelet calls it by; and not without. The node has a vault with a key file,
# and no bus.
DOCKER=${DOCKER:-/bin/false} # takes no part
. "${BASH_SOURCE[0]%/*}/lab/registry.sh" || exit 1
: "${HELPER:?the program under test}"
kubelet=${E2E_LAB%/e2e/lab}/kubelet/kubelet.py

bare_environment
seed_storage
password=$(new_secret)
start_password_registry ada "$password"
known=$REGISTRY
start_password_registry bob "$(new_secret)"
unknown=$REGISTRY
start_registry
open=$REGISTRY

# --- a container runtime that leaves this machine as it is
node=$LAB/containerd
containerd_config "$node"
start containerd timeout -k 20 3000 unshare --mount containerd --config "$node/config.toml"
containerd_pid=$STARTED
wait_until cri "$node" version

# credentials IMAGE: what the kubelet has for it, in $LAB/credentials.
credentials() {
  timeout -k 5 "$LIMIT" /usr/bin/python3 "$kubelet" "$LAB/config.yaml" "$LAB/bin" "$1" >"$LAB/pull"
  equal '[]' "$(jq -c .errors "$LAB/pull")" 'errors that the kubelet would log'
  jq -c .credentials "$LAB/pull" >"$LAB/credentials"
}
# pulls_as_node REGISTRY: the image, without its tag, as the kubelet asks for it.
pulls_as_node() {
  credentials "$1/${IMAGE%:*}"
  cri "$node" pull "$1/$IMAGE" <"$LAB/credentials" >"$LAB/reference" || fail "pull from $1: $(clip "$LAB/cri.err")"
  grep -q '^sha256:' "$LAB/reference" || fail "pull from $1: $(clip "$LAB/reference")"
  cri "$node" remove "$1/$IMAGE"
}
# pulls_not REGISTRY WHAT: with $LAB/credentials, and SERVER-ADDRESS where given.
pulls_not() {
  ! cri "$node" pull "$1/$IMAGE" "${@:3}" <"$LAB/credentials" >"$LAB/reference" || fail "pulled $2"
  grep -qiE '401|unauthorized|authorization failed' "$LAB/cri.err" || fail "$2: $(clip "$LAB/cri.err")"
}

# --- set up as the README says, save for the flags of the kubelet
docker-credential-keyring vault create --key-file "$HOME/key" >"$LAB/vault.out" 2>&1 ||
  fail "vault create: $(<"$LAB/vault.out")"
jq -n --arg server "$known" --arg auth "$(printf 'ada:%s' "$password" | base64 -w0)" \
  '{auths: {($server): {auth: $auth}}}' >"$LAB/kubelet.json"
docker-credential-keyring migrate --config "$LAB/kubelet.json" >"$LAB/migrate.out" 2>&1 ||
  fail "migrate: $(<"$LAB/migrate.out")"
has "$known" ada "$password"
docker-credential-keyring kubelet --print-config "$known" "$unknown" "$open" >"$LAB/config.yaml"

pulls_as_node "$known"
equal '["ada"]' "$(jq -c 'map(.username)' "$LAB/credentials")" 'who pulls'
pulls_as_node "$open"

# The runtime takes the same with the server's address, as other clients of it send it, and for no other.
credentials "$known/${IMAGE%:*}"
cri "$node" pull "$known/$IMAGE" "https://$known" <"$LAB/credentials" >"$LAB/reference" ||
  fail "pull with an address: $(clip "$LAB/cri.err")"
cri "$node" remove "$known/$IMAGE"
pulls_not "$known" 'with the address of another' "https://$unknown"

echo '[]' >"$LAB/credentials"
pulls_not "$known" 'without a credential'
credentials "$unknown/${IMAGE%:*}"
equal '[]' "$(<"$LAB/credentials")" 'credentials of a registry that nobody stored'
pulls_not "$unknown" 'from a registry that nobody stored'
printf '[{"username": "ada", "password": "%s"}]\n' "$(new_secret)" >"$LAB/credentials"
pulls_not "$known" 'with a wrong password'

# Logged out, the node has nothing.
erase "$known"
credentials "$known/${IMAGE%:*}"
equal '[]' "$(<"$LAB/credentials")" 'credentials after erase'
pulls_not "$known" 'after erase'
no_trace "$password"

STARTED=$containerd_pid
stop_engine
