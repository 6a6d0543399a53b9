#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What export writes of two servers is taken by skopeo, by docker and by kubectl: each logs in with it at two
# real registries, or finds in it what it would have written itself.
. "${BASH_SOURCE[0]%/*}/lab/registry.sh" || exit 1
: "${HELPER:?the program under test}"

start_session
seed_storage
# shellcheck disable=SC2016 # a robot account is called like that
robot='eve/robot$p+x'
passwords=("$(new_secret)" "$(new_secret):with a colon")
start_password_registry ada "${passwords[0]}"
registries=("$REGISTRY")
start_password_registry "$robot" "${passwords[1]}"
registries+=("$REGISTRY")
token_password=$(new_secret) identity_token=idt.$(new_secret)
start_token_registry tom "$token_password" "$identity_token"
by_token=$REGISTRY
store "${registries[0]}" ada "${passwords[0]}"
store "${registries[1]}" "$robot" "${passwords[1]}"
store "$by_token" '<token>' "$identity_token"

# exports ARGUMENT…: to $LAB/exported.
exports() {
  docker-credential-keyring export "$@" >"$LAB/exported" 2>"$LAB/exported.err" ||
    fail "export $*: $(<"$LAB/exported.err")"
}
inspects() {
  timeout -k 5 "$LIMIT" skopeo inspect --tls-verify=false "${@:2}" "docker://$1/$IMAGE" \
    >"$LAB/skopeo.out" 2>"$LAB/skopeo.err"
}

# --- skopeo, with both and with one; what is set on this machine is not asked
mkdir -p "$HOME/.config/containers"
: >"$HOME/.config/containers/registries.conf"
exports "${registries[@]}"
for registry in "${registries[@]}"; do
  ! inspects "$registry" --no-creds || fail "skopeo inspect $registry without a login"
  inspects "$registry" --authfile "$LAB/exported" || fail "skopeo inspect $registry: $(<"$LAB/skopeo.err")"
done
exports "${registries[0]}"
inspects "${registries[0]}" --authfile "$LAB/exported" || fail 'skopeo inspect with one login'
! inspects "${registries[1]}" --authfile "$LAB/exported" || fail 'skopeo inspect with the login for another'
exports "$by_token"
! inspects "$by_token" --no-creds || fail 'skopeo inspect with no identity token'
inspects "$by_token" --authfile "$LAB/exported" || fail "skopeo, identity token: $(<"$LAB/skopeo.err")"

# --- docker, from its own folder, which names no helper
mkdir "$LAB/config"
exports --output "$LAB/config/config.json" "${registries[@]}" "$by_token"
for registry in "${registries[@]}" "$by_token"; do
  docker_fails manifest inspect --insecure "$registry/$IMAGE"
  docker --config "$LAB/config" manifest inspect --insecure "$registry/$IMAGE"
done

# --- and as docker writes them itself, by its own logins: a name stands where docker knows it
login() { docker --config "$LAB/plain" login --username "$2" --password-stdin "$1" <<<"$3"; }
mkdir "$LAB/plain"
echo '{"auths": {"other.example": {}}}' >"$LAB/plain/config.json"
login "${registries[0]}" ada "${passwords[0]}"
login "${registries[1]}" "$robot" "${passwords[1]}"
docker --config "$LAB/plain" logout other.example
cp "$LAB/plain/config.json" "$LAB/two.json"
echo >>"$LAB/two.json"
exports "${registries[@]}"
same_file "$LAB/two.json" "$LAB/exported" 'two logins as docker writes them'
login "$by_token" tom "$token_password"
exports "$by_token"
shape='.auths[] | select(.identitytoken) | .auth |= (@base64d | sub("^[^:]+"; "NAME"))'
equal "$(jq -cS "$shape" "$LAB/plain/config.json")" "$(jq -cS "$shape" "$LAB/exported")" 'an identity token'

# --- kubectl: a manifest that it takes, with what it would have put there
exports --format kubernetes --name pull --namespace team "${registries[@]}"
kubectl label --local -f - x=y -o json <"$LAB/exported" >"$LAB/labelled" || fail 'kubectl refuses it'
equal "$(jq -cS '.metadata.labels = {x: "y"}' "$LAB/exported")" \
  "$(jq -cS 'del(.metadata.creationTimestamp)' "$LAB/labelled")" 'the manifest after kubectl label'
jq -r '.data[".dockerconfigjson"]' "$LAB/labelled" | base64 -d >"$LAB/decoded"
exports "${registries[@]}"
same_file "$LAB/exported" "$LAB/decoded" 'config.json in the manifest'
for registry in "${registries[@]}"; do
  inspects "$registry" --authfile "$LAB/decoded" || fail "skopeo inspect $registry by the manifest"
done
kubectl create secret docker-registry pull --namespace team --dry-run=client -o json \
  --docker-server "${registries[0]}" --docker-username ada --docker-password "${passwords[0]}" >"$LAB/theirs"
exports --format kubernetes --name pull --namespace team "${registries[0]}"
equal "$(jq -cS 'del(.data, .metadata.creationTimestamp)' "$LAB/theirs")" \
  "$(jq -cS 'del(.data)' "$LAB/exported")" "kubectl's own manifest"
auths='.data[".dockerconfigjson"] | @base64d | fromjson | .auths | map_values(.auth)'
equal "$(jq -cS "$auths" "$LAB/theirs")" "$(jq -cS "$auths" "$LAB/exported")" "kubectl's own auths"
