# shellcheck shell=bash disable=SC2034,SC2119,SC2120 # read and called by the stories
# SPDX-License-Identifier: MIT
# What the stories of podman, skopeo and buildah have besides those of docker: the tools themselves,
# with storage of their own, and a watch on every file that is written. A story is told in a mount
# namespace, with a /tmp and a /dev/shm of its own, and /etc/containers and /run are changed for it
# alone.

CONTAINERS_LAB=$(cd "${BASH_SOURCE[0]%/*}" && pwd)

# registry.sh tells a story once for each docker client; each telling gets a namespace.
if [[ -n ${DOCKER:-} && -z ${IN_NAMESPACE:-} ]]; then
  export IN_NAMESPACE=1 LAB_MOUNTS=$CONTAINERS_LAB/../lab/mounts.sh
  # shellcheck disable=SC2016
  exec unshare --mount --propagation private bash -ec '
    . "$LAB_MOUNTS"
    cover /tmp nothing
    cover /dev/shm nothing # where podman leaves its locks
    exec "$0" "$@"' "$0" "$@"
fi

# shellcheck source=../e2e/lab/registry.sh
. "${CONTAINERS_LAB%/containers}/e2e/lab/registry.sh" || exit 1

DROP_IN=$HOME/.config/containers/registries.conf.d/99-docker-credential-keyring.conf
AUTH_FILE=$XDG_RUNTIME_DIR/containers/auth.json

# --- the tools -----------------------------------------------------------------------------------

# tool NAME ARGUMENT…: as the user calls it; its output is in $LAB/tool.out and $LAB/tool.err, and a
# failure ends the story. tool_fails: it must fail.
tool() {
  local status=0
  tool_status "$@" || status=$?
  ((!status)) || fail "$*: exit $status: $(clip "$LAB/tool.out") $(clip "$LAB/tool.err")"
}

tool_fails() {
  ! tool_status "$@" || fail "$*: expected a failure"
}

tool_status() {
  local storage=()
  case $1 in
  podman) storage=(--cgroup-manager cgroupfs --events-backend file) ;;&
  podman | buildah) storage+=(--root "$LAB/images" --runroot "$LAB/images.run" --storage-driver vfs) ;;
  esac
  timeout -k 5 "$LIMIT" "$1" "${storage[@]}" "${@:2}" >"$LAB/tool.out" 2>"$LAB/tool.err"
}

# tool_login TOOL REGISTRY USERNAME PASSWORD
tool_login() { tool "$1" login --tls-verify=false --username "$3" --password-stdin "$2" <<<"$4"; }

# says_user TOOL REGISTRY USERNAME: who is logged in there, by what the tool finds.
says_user() {
  tool "$1" login --get-login "$2"
  equal "$3" "$(<"$LAB/tool.out")" "$1 login --get-login $2"
}

# says_nobody TOOL REGISTRY
says_nobody() {
  tool_fails "$1" login --get-login "$2"
  grep -q 'not logged in' "$LAB/tool.err" || fail "$1 login --get-login $2: $(clip "$LAB/tool.err")"
}

# everybody_says REGISTRY USERNAME: all three tools.
everybody_says() {
  local name
  for name in skopeo podman buildah; do says_user "$name" "$1" "$2"; done
}

# --- the machine ---------------------------------------------------------------------------------

# own_system FOLDER…: from here on /etc, /usr, /var, /run and the named ones are this story's own.
own_system() {
  local folder
  for folder in etc usr var "$@"; do
    mkdir -p "$LAB/upper/$folder" "$LAB/scratch/$folder"
    mount -t overlay -o "lowerdir=/$folder,upperdir=$LAB/upper/$folder,workdir=$LAB/scratch/$folder" \
      overlay "/$folder"
  done
  mount -t tmpfs -o mode=0755 tmpfs /run
  rm -f /etc/containers/registries.conf.d/*docker-credential-keyring.conf
  rm -f /usr/local/bin/docker-credential-keyring
}

# add_user NAME UID: an account with a home, to which our helper lies on PATH.
add_user() {
  sed -i "/^$1:/d" /etc/passwd # this machine may have one
  printf '%s:x:%s:%s::%s:/bin/sh\n' "$1" "$2" "$2" "$LAB/$1" >>/etc/passwd
  mkdir -p "/run/user/$2"
  mkdir "$LAB/$1"
  chown "$2:$2" "/run/user/$2" "$LAB/$1"
  chmod 0711 "$LAB"
  if [[ ! -e $LAB/users.bin ]]; then
    mkdir -m 0755 "$LAB/users.bin"
    cp "$HELPER" "$LAB/users.bin/docker-credential-keyring"
    chmod 0755 "$LAB/users.bin/docker-credential-keyring"
  fi
}

# as_user NAME COMMAND…: with a fresh environment.
as_user() {
  local uid home
  IFS=: read -r _ _ uid _ _ home _ < <(getent passwd "$1")
  (cd / && exec timeout -k 5 "$LIMIT" setpriv --reuid "$uid" --regid "$uid" --clear-groups env -i LAB="$LAB" \
    PATH="${USERS_PATH-$LAB/users.bin:}/usr/bin:/bin" HOME="$home" XDG_RUNTIME_DIR="/run/user/$uid" "${@:2}")
}

# not_logged_in TOOL USER: in h.example, and the tool does not stop at anything else.
not_logged_in() {
  ! as_user "$2" "$1" login --get-login h.example >"$LAB/out" 2>&1 ||
    fail "$1 of $2: expected no login, got «$(clip "$LAB/out")»"
  grep -q 'not logged in' "$LAB/out" || fail "$1 of $2: $(clip "$LAB/out")"
}

# --- migrate -------------------------------------------------------------------------------------

# migrate [OPTION…]: $STATUS, $OUT and $ERR as after call().
migrate() {
  LAST_CALL="migrate $*" STATUS=0
  timeout -k 5 "$LIMIT" docker-credential-keyring migrate "$@" </dev/null >"$LAB/out" 2>"$LAB/err" ||
    STATUS=$?
  OUT=$(<"$LAB/out") ERR=$(<"$LAB/err")
}

# exits CODE [WHAT]
exits() { equal "$1" "$STATUS" "exit${2:+, $2}"; }

# says TEXT…: each stands in stdout or stderr.
says() {
  local text
  for text; do [[ $OUT$'\n'$ERR == *"$text"* ]] || fail "expected the output to say «$text»"; done
}

# asks HELPER…: whom the drop-in names.
asks() {
  local wanted
  wanted=$(printf '"%s", ' "$@")
  equal "credential-helpers = [${wanted%, }]" "$(tail -n 1 "$DROP_IN")" "${DROP_IN##*/}"
}

# --- the watch -----------------------------------------------------------------------------------

# watch SECRET…: from here on every file in ${WATCHED[@]} is looked at when it is written.
WATCHED=("$HOME" "$XDG_RUNTIME_DIR")
watch() {
  printf '%s\n' "$@" last-look-of-the-watch >"$LAB/watched"
  (exec "$CONTAINERS_LAB/watch_secrets.py" "${WATCHED[@]}" <"$LAB/watched" \
    >>"$LAB/seen" 2>"$LAB/watch.err") &
  WATCH_PID=$!
  LAB_PIDS+=("$WATCH_PID")
  wait_until grep -q '^ready$' "$LAB/seen"
}

# seen: the files that held a secret at some moment since the last call, one a line in $LAB/caught.
# A last secret of the watch's own shows that it is awake, and that it has come to the end.
seen() {
  echo last-look-of-the-watch >"$HOME/last-look"
  wait_until grep -qxF "$HOME/last-look" "$LAB/seen"
  rm "$HOME/last-look"
  { grep -vxFe ready -e "$HOME/last-look" "$LAB/seen" || [[ $? == 1 ]]; } | sort -u >"$LAB/caught"
  : >"$LAB/seen"
}

seen_nothing() {
  seen
  equal '' "$(<"$LAB/caught")" "files that held a secret at some moment${1:+, $1}"
}
