#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016 # for other shells
# README's ways into a container: rootless podman, as root and with keep-id, and docker as root; another user there is
# refused. The container has the static program and the folder of the socket. And the feature for a dev container.
export DOCKER=${DOCKER:-$(type -P docker)}
. "${BASH_SOURCE[0]%/*}/containers_lab.sh" || exit 1
# shellcheck source=../lab/recipes.sh
. "$LAB_SOURCE/recipes.sh"
BUILD_DIR=$(realpath -e "${BUILD_DIR:?a build of the release preset}")
static=$BUILD_DIR/helper/static_program

own_system
add_user ada 7001
echo 'ada:700000:65536' | tee /etc/subuid >/etc/subgid
echo 'ada:x:7001:' >>/etc/group
chmod 0700 /run/user/7001
start_engine
IMAGE=localhost/lab/job:1
HERE=(-e "s|builder.example/image|$IMAGE|" -e 's|registry.example.com:5000|reg.example|')

# --- an image with nothing but the program, a shell, and an account
files=$LAB/image
mkdir -p "$files"/{bin,etc,tmp,home,run}
chmod 1777 "$files/tmp" "$files/home"
strip -o "$files/bin/docker-credential-keyring" "$static"
cp "$(type -P busybox)" "$files/bin/busybox"
for tool in sh cat cp chmod chown dirname mkdir printf; do ln -s busybox "$files/bin/$tool"; done
printf 'root:x:0:0::/home:/bin/sh\nother:x:1234:1234::/home:/bin/sh\n' >"$files/etc/passwd"
tar -C "$files" -cf "$LAB/image.tar" .
chmod 0644 "$LAB/image.tar"

# The tools by themselves, for the recipes: on this machine a container of the tests has no network.
# tool_script NAME PROGRAM OPTION…
tool_script() {
  printf '#!/bin/sh\n[ "$1" != run ] || { shift && set -- run --network none "$@"; }\nexec %s "$@"\n' "${*:2}" \
    >"$LAB/users.bin/$1"
}
tool_script podman /usr/bin/podman --storage-driver vfs --cgroup-manager cgroupfs --events-backend file
tool_script docker "$DOCKER"
chmod 0755 "$LAB/users.bin"/{podman,docker}

rootless_end() {
  local status=$?
  trap - ERR
  as_user ada podman system migrate >"$LAB/noise" 2>&1
  (exit "$status")
  lab_end
}
trap rootless_end EXIT

# ada COMMAND…: its output is $OUT and $ERR, its exit $STATUS.
ada() {
  # shellcheck disable=SC2034 # of lab.sh
  LAST_CALL=$* STATUS=0
  : >"$LAB/in"
  as_user ada "$@" >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  OUT=$(<"$LAB/out") ERR=$(<"$LAB/err")
}

ada docker-credential-keyring vault create --key-file "$LAB/ada/key"
exits 0 'vault create'
ada sh -c 'echo secret-of-ada | docker-credential-keyring add reg.example -u ada --password-stdin'
exits 0 add
ada sh -c 'echo secret-of-bob | docker-credential-keyring add other.example -u bob --password-stdin'
exits 0 add

# begin OPTION…: a forward of ada's, by the recipe with these options behind it.
begin() {
  : >"$LAB/forward.log"
  start forward setpriv --reuid 7001 --regid 7001 --clear-groups env -i LAB="$LAB" PATH="$LAB/users.bin:/usr/bin:/bin" \
    HOME="$LAB/ada" XDG_RUNTIME_DIR=/run/user/7001 sh -c "exec $(recipe forward) $*"
  wait_until grep -q 'answers for' "$LAB/forward.log"
}
end() {
  ada docker-credential-keyring forward --stop
  exits 0 'forward --stop'
  wait "$STARTED"
}
home_is_seen() {
  [[ $STATUS == 0 && $OUT == *reg.example*ada*'store at home'* ]] || fail "$1: exit $STATUS, $OUT $ERR"
  [[ $OUT != *other.example* ]] || fail "$1: $OUT"
}
# with OPTION…: the recipe for podman with these options, and what is run in the container.
with() {
  recipe forward-podman >"$LAB/recipe"
  sed -i "s|podman run --rm|& $*|" "$LAB/recipe"
  chmod 0644 "$LAB/recipe"
  ada sh "$LAB/recipe"
}

# --- podman without root
ada podman import --quiet "$LAB/image.tar" "$IMAGE"
exits 0 'podman import'
begin
with
home_is_seen 'podman, root of the container'
with --userns=keep-id
home_is_seen 'podman, keep-id'
with --user 1234
[[ $STATUS == 0 && $OUT != *ada* ]] || fail "another user of the container: $OUT $ERR"
sed -i 's|docker-credential-keyring ls|docker-credential-keyring doctor|' "$LAB/recipe"
ada sh "$LAB/recipe"
[[ $OUT == *'home: none answers'* ]] || fail "another user of the container: $OUT"
end

# --- docker as root: the container is told whose socket it is, and the forward lets root ask
chmod 0711 "$LAB/engine"
chmod 0666 "$LAB/engine/socket"
"$DOCKER" import "$LAB/image.tar" "$IMAGE" >"$LAB/noise"
docker_recipe() {
  recipe forward-docker | sed "$@" >"$LAB/recipe"
  chmod 0644 "$LAB/recipe"
  ada env DOCKER_HOST="$DOCKER_HOST" sh "$LAB/recipe"
}
begin
docker_recipe -e ''
[[ $STATUS == 0 && $OUT != *ada* ]] || fail "docker, and root may not ask: $OUT $ERR"
end
begin --uid 0
docker_recipe -e ''
home_is_seen 'docker, root of the container'
docker_recipe -e 's| -e DOCKER_CREDENTIAL_KEYRING_SOCKET_UID="$(id -u)"||'
[[ $STATUS == 0 && $OUT != *ada* ]] || fail "docker, and the socket is a stranger's: $OUT $ERR"
docker_recipe -e 's|docker run|& --user 1234|'
[[ $STATUS == 0 && $OUT != *ada* ]] || fail "docker, another user of the container: $OUT $ERR"

# --- the feature of a dev container
feature=$LAB/feature
cp -r "$LAB_SOURCE/../../packaging/examples/devcontainer-feature" "$feature"
strip -o "$feature/docker-credential-keyring" "$static"
described=$(<"$feature/devcontainer-feature.json")
mount=$(jq -r '.mounts[0] | "\(.source | sub("[$].localEnv:XDG_RUNTIME_DIR."; "/run/user/7001")):\(.target)"' \
  <<<"$described")
socket=$(jq -r .containerEnv.DOCKER_CREDENTIAL_KEYRING_SOCKET <<<"$described")
timeout -k 5 "$LIMIT" "$DOCKER" run --rm --network none -v "$feature:/feature:ro" -v "$mount" -e HOMEUID=7001 \
  -e DOCKER_CREDENTIAL_KEYRING_SOCKET="$socket" "$IMAGE" sh -ec 'sh /feature/install.sh
    cat "$HOME/.docker/config.json"; /usr/local/bin/docker-credential-keyring ls' >"$LAB/out" 2>"$LAB/err" ||
  fail "the feature: $(<"$LAB/out") $(<"$LAB/err")"
OUT=$(<"$LAB/out") STATUS=0
[[ $OUT == *'"credsStore": "keyring"'* ]] || fail "the feature sets nothing up: $OUT"
home_is_seen 'the feature'
end
