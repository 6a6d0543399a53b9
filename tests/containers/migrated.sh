#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Logins that skopeo, podman and docker left in plaintext: migrated, each tool pulls with them as
# before, also with an identity token and for a part of a registry, and each with those of the others.
. "${BASH_SOURCE[0]%/*}/containers_lab.sh" || exit 1
: "${HELPER:?the program under test}"

start_session
seed_storage
secret_ada=$(new_secret) secret_eve=$(new_secret) secret_bob=$(new_secret)
start_password_registry ada "$secret_ada"
of_skopeo=$REGISTRY
start_password_registry eve "$secret_eve"
of_podman=$REGISTRY
token_password=$(new_secret) identity_token=idt.$(new_secret)
start_token_registry tom "$token_password" "$identity_token"
of_docker=$REGISTRY
start_password_registry bob "$secret_bob"
in_part=$REGISTRY

# pulls_it TOOL REGISTRY
pulls_it() {
  case $1 in
  skopeo) tool skopeo inspect --tls-verify=false "docker://$2/$IMAGE" ;;
  docker) pulls "$2" ;;
  *)
    tool "$1" pull --tls-verify=false "$2/$IMAGE"
    tool "$1" rmi "$2/$IMAGE"
    ;;
  esac
}

# --- in plaintext, by the tools themselves
tool_login skopeo "$of_skopeo" ada "$secret_ada"
tool_login podman "$of_podman" eve "$secret_eve"
login "$of_docker" tom "$token_password"
tool_login skopeo "$in_part/${IMAGE%:*}" bob "$secret_bob"
"$E2E_LAB/find_secret.py" "$XDG_RUNTIME_DIR" <<<"$secret_ada" >"$LAB/noise" &&
  fail 'expected the login of skopeo in plaintext'
for registry in "$of_skopeo" "$of_podman" "$of_docker" "$in_part"; do pulls_it skopeo "$registry"; done

migrate
exits 3
says "$in_part/${IMAGE%:*}" 'part of a registry'
asks keyring containers-auth.json
no_trace "$secret_ada" "$secret_eve" "$token_password" "$identity_token"
equal "[\"$in_part/${IMAGE%:*}\"]" "$(jq -c '.auths | keys' "$AUTH_FILE")" 'what is left in auth.json'

for name in skopeo podman buildah; do
  for registry in "$of_skopeo" "$of_podman" "$of_docker" "$in_part"; do pulls_it "$name" "$registry"; done
done
for registry in "$of_skopeo" "$of_podman" "$of_docker"; do pulls_it docker "$registry"; done
everybody_says "$of_skopeo" ada

# --- a login of theirs goes to the store, and no more into the file
tool skopeo logout "$of_skopeo"
has_not "$of_skopeo"
tool_login skopeo "$of_skopeo" ada "$secret_ada"
has "$of_skopeo" ada "$secret_ada"
no_trace "$secret_ada"

# --- without the part, the files are asked no more
tool skopeo logout "$in_part/${IMAGE%:*}"
migrate
exits 0
asks keyring
for name in skopeo podman buildah docker; do pulls_it "$name" "$of_docker"; done
tool_fails skopeo inspect --tls-verify=false "docker://$in_part/$IMAGE"
no_trace "$secret_ada" "$secret_eve" "$secret_bob" "$token_password" "$identity_token"
