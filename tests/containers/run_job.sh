#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A job of CI by `run`: docker, skopeo and podman pull from a registry whose password is in a variable. Nothing is
# left, also where the job is killed in the middle, and no file of the home is written, nor its stores read.
. "${BASH_SOURCE[0]%/*}/containers_lab.sh" || exit 1
: "${HELPER:?the program under test}"

seed_storage
password=$(new_secret)
start_password_registry ada "$password"
start_engine
image=$REGISTRY/$IMAGE
# The runtime folder of a session is in memory.
mount -t tmpfs tmpfs "$XDG_RUNTIME_DIR"
trap 'umount -l "$XDG_RUNTIME_DIR"; lab_end' EXIT
mkdir -p "$HOME/.docker"
printf '{"auths": {"%s": {"auth": "%s"}}}' "$REGISTRY" "$(printf 'ada:wrong' | base64)" >"$HOME/.docker/config.json"
docker_fails pull "$image"
find "$HOME" -type f -exec sha256sum {} + | sort >"$LAB/before"

export LAB_PASSWORD=$password
# job COMMAND…: by the tools as the user calls them.
job() {
  docker-credential-keyring run --add "$REGISTRY" -u ada --password-env LAB_PASSWORD -- "$@" >"$LAB/job.out" 2>"$LAB/job.err" ||
    fail "run -- $*: exit $?: $(clip "$LAB/job.out") $(clip "$LAB/job.err")"
}
jobs_left() { find "$XDG_RUNTIME_DIR" /dev/shm -maxdepth 1 -name 'docker-credential-keyring.*'; }
nothing_left() {
  wait_until none_left
  find "$HOME" -type f ! -path '*/containers/*' -exec sha256sum {} + | sort >"$LAB/after"
  same_file "$LAB/before" "$LAB/after" "the home, $1"
  ! grep -rqF "$password" "$HOME" "$XDG_RUNTIME_DIR" || fail "the password is in a file, $1"
}
none_left() { [[ -z $(jobs_left) ]]; }

job docker pull "$image"
job docker push "$image"
job skopeo copy --src-tls-verify=false "docker://$image" "dir:$LAB/tmp/copy"
job podman --root "$LAB/images" --runroot "$LAB/images.run" --storage-driver vfs --cgroup-manager cgroupfs \
  --events-backend file pull --tls-verify=false "$image"
nothing_left 'after the jobs'

# --- the home's stores and index are not opened
strace -f -e trace=openat -o "$LAB/trace" docker-credential-keyring run --add "$REGISTRY" -u ada \
  --password-env LAB_PASSWORD -- docker pull "$image" >"$LAB/job.out" 2>&1 || fail "traced: $(clip "$LAB/job.out")"
! grep -F "$HOME/.local/" "$LAB/trace" | grep -F docker-credential-keyring || fail 'a store of the home was opened'

# --- killed in the middle: a signal goes on to the command; after kill -9 of `run` it goes on by itself
killed() {
  local signal=$1 status=0
  # shellcheck disable=SC2016
  docker-credential-keyring run --add "$REGISTRY" -u ada --password-env LAB_PASSWORD -- \
    sh -c 'docker pull "$1" && echo $$ >"$LAB/tmp/pulled" && exec sleep infinity' _ "$image" >"$LAB/job.out" 2>&1 &
  local pid=$!
  wait_until test -s "$LAB/tmp/pulled"
  job=$(<"$LAB/tmp/pulled")
  rm "$LAB/tmp/pulled"
  [[ -n $(jobs_left) ]] || fail 'the job has no folder'
  kill "-$signal" "$pid"
  wait "$pid" || status=$?
  equal "$2" "$status" "exit after SIG$signal"
  nothing_left "after SIG$signal"
}
killed TERM 143
! kill -0 "$job" 2>/dev/null || fail 'the command goes on after SIGTERM'
killed KILL 137
kill -KILL "$job"
