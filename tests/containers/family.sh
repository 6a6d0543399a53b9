#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docker, skopeo, podman and buildah log in, push, pull and log out by the helper, and at no moment any
# file in HOME or in XDG_RUNTIME_DIR holds the password or its base64.
. "${BASH_SOURCE[0]%/*}/containers_lab.sh" || exit 1
: "${HELPER:?the program under test}"

start_session
seed_storage
password=$(new_secret)
start_password_registry ada "$password"
start_engine
image=$REGISTRY/$IMAGE
watch "$password"

# --- the watch sees what lasts no longer than a blink, and what skopeo does without the helper
printf 'ada:%s' "$password" | base64 >"$HOME/blink"
rm "$HOME/blink"
tool_login skopeo "$REGISTRY" ada "$password"
tool skopeo logout "$REGISTRY"
seen
# By the name that it had when it was looked at: skopeo renames it.
for name in "$HOME/blink" "${AUTH_FILE%/*}/"; do
  grep -qF "$name" "$LAB/caught" || fail "expected the watch to catch $name: $(clip "$LAB/caught")"
done

# --- set up
migrate
exits 0
asks keyring

# --- docker, with its engine
docker_fails pull "$image"
login "$REGISTRY" ada "$password"
docker pull "$image"
docker tag "$image" "$REGISTRY/lab/docker:1"
docker push "$REGISTRY/lab/docker:1"
docker rmi "$image" "$REGISTRY/lab/docker:1"
docker pull "$REGISTRY/lab/docker:1"
everybody_says "$REGISTRY" ada
docker logout "$REGISTRY"
docker_fails pull "$REGISTRY/lab/docker:1"

# --- skopeo
skopeo_push() { tool skopeo copy --dest-tls-verify=false "dir:$LAB/tmp/image" "docker://$1"; }
says_nobody skopeo "$REGISTRY"
tool_login skopeo "$REGISTRY" ada "$password"
has "$REGISTRY" ada "$password"
tool skopeo copy --src-tls-verify=false "docker://$image" "dir:$LAB/tmp/image"
skopeo_push "$REGISTRY/lab/skopeo:1"
tool skopeo inspect --tls-verify=false "docker://$REGISTRY/lab/skopeo:1"
docker pull "$REGISTRY/lab/skopeo:1" # docker uses the login of skopeo
tool skopeo logout "$REGISTRY"
has_not "$REGISTRY"
tool_fails skopeo inspect --tls-verify=false "docker://$image"

# --- podman and buildah
for name in podman buildah; do
  says_nobody "$name" "$REGISTRY"
  tool_fails "$name" pull --tls-verify=false "$image"
  tool_login "$name" "$REGISTRY" ada "$password"
  has "$REGISTRY" ada "$password"
  tool "$name" pull --tls-verify=false "$image"
  tool "$name" tag "$image" "$REGISTRY/lab/$name:1"
  tool "$name" push --tls-verify=false "$REGISTRY/lab/$name:1"
  tool "$name" rmi "$image" "$REGISTRY/lab/$name:1"
  tool "$name" pull --tls-verify=false "$REGISTRY/lab/$name:1"
  tool "$name" rmi "$REGISTRY/lab/$name:1"
  everybody_says "$REGISTRY" ada
  tool_login "$name" "$REGISTRY" ada "$password" # once more, with one stored
  tool "$name" logout "$REGISTRY"
  has_not "$REGISTRY"
  says_nobody "$name" "$REGISTRY"
  # Out already: no error of ours.
  tool_status "$name" logout "$REGISTRY" || grep -q 'not logged in' "$LAB/tool.err" ||
    fail "$name logout, twice: $(clip "$LAB/tool.err")"
done
tool_login podman "$REGISTRY" ada "$password"
tool podman logout --all
lists '{}'

# --- a login that cannot be stored is refused, and is plaintext nowhere
lock_cold
tool_fails skopeo login --tls-verify=false --username ada --password-stdin "$REGISTRY" <<<"$password"
grep -q locked "$LAB/tool.err" || fail "expected skopeo to say that it is locked: $(clip "$LAB/tool.err")"
tool_fails podman login --tls-verify=false --username ada --password-stdin "$REGISTRY" <<<"$password"
unlock

seen_nothing
[[ ! -e $AUTH_FILE ]] || equal '{}' "$(jq -c .auths "$AUTH_FILE")" "${AUTH_FILE##*/}"
no_trace "$password"
stop_engine
