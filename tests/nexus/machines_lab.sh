# shellcheck shell=bash disable=SC2034 # read by the stories
# SPDX-License-Identifier: MIT
# The machines of the field case: desktop, server, control, worker, ci. Each has /etc, /var, /run and a home of its
# own, in a mount namespace that one process holds; what it writes lies in the folder of its name. The desktop's
# home and runtime folder are lab.sh's. /usr is one for all, with the program in it.

KUBELET=$NEXUS_LAB/../kubelet/kubelet.py
# What docker's engine says that is not let in, by the two challenges; and that does not believe a certificate.
REFUSED='no basic auth credentials|unauthorized|authentication required|not authorized'
UNKNOWN_AUTHORITY='x509: certificate signed by unknown authority'
declare -A HOMES=([desktop]=$HOME) HOLDERS=() ENGINE_PIDS=()

# own_programs: /usr with our program, the docker client of this telling, and somebody in systemd's place.
own_programs() {
  mkdir -p "$LAB/usr/bin" "$LAB/usr.work"
  cp "$HELPER" "$LAB/usr/bin/docker-credential-keyring"
  cp "$NEXUS_LAB/systemctl" "$LAB/usr/bin/systemctl"
  mount -t overlay -o "lowerdir=/usr,upperdir=$LAB/usr,workdir=$LAB/usr.work" overlay /usr
  mount --bind "$DOCKER" /usr/bin/docker
}

# build_machine NAME: switched on.
build_machine() {
  local folder=$LAB/$1
  HOMES[$1]=${HOMES[$1]:-$folder/home}
  mkdir -p "$folder"/{home,run,var/{lib/{systemd,kubelet,containerd},log,tmp,cache,spool/cron/crontabs}}
  cp -a /etc "$folder/etc"
  ln -s /run "$folder/var/run"
  rm -rf "$folder"/etc/{docker,containerd,containers/registries.conf.d,cron.d/*} # this machine may have some
  mkdir -p "$folder/etc/kubernetes"
  : >"$folder/etc/crontab"
  printf '%s\n' '127.0.0.1 localhost' \
    "$HOST_ADDRESS $FIELD_NAME nexus.example.com downloads.example.com deep.$FIELD_NAME" >"$folder/etc/hosts"
  sed -i "s|^root:.*|root:x:0:0::${HOMES[$1]}:/bin/bash|" "$folder/etc/passwd"
  # shellcheck disable=SC2016
  start "$1" unshare --mount --propagation private bash -ec '
    for folder in etc var run; do mount --bind "$0/$folder" "/$folder"; done
    echo up
    exec sleep infinity' "$folder"
  HOLDERS[$1]=$STARTED
}

# enter MACHINE COMMAND…: this process becomes that, as root after a login there, in ~/app where that is. $TYPED and
# $REGISTRY_PASSWORD go along.
enter() {
  local machine=$1 name
  shift
  for name in $(compgen -e); do
    case $name in
    LAB | LC_ALL | *SAN_OPTIONS | TYPED | REGISTRY_PASSWORD) ;;
    DBUS_SESSION_BUS_ADDRESS | XDG_RUNTIME_DIR) [[ $machine == desktop ]] || export -n "${name?}" ;;
    *) export -n "${name?}" ;;
    esac
  done
  export HOME=${HOMES[$machine]} PATH=/usr/sbin:/usr/bin:/sbin:/bin DOCKER_BUILDKIT=0
  name=$HOME/app
  [[ -d $name ]] || name=$HOME
  exec nsenter --mount --target "${HOLDERS[$machine]}" env -C "$name" "$@"
}

# on MACHINE COMMAND…: its end is the command's; what it says is in $LAB/out and $LAB/err. runs: it must succeed.
# Neither shows a secret, since nothing here prints one.
on() {
  LAST_CALL=$* STATUS=0
  : >"$LAB/in"
  (enter "$1" timeout -k 5 "$LIMIT" "${@:2}") <"$LAB/in" >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  OUT=$(<"$LAB/out") ERR=$(<"$LAB/err")
  return "$STATUS"
}

runs() {
  local STATUS
  on "$@" || fail "$1: exit $STATUS"
}

# refuses TEXT MACHINE COMMAND…: it must fail, and say this, a regular expression.
refuses() {
  local STATUS
  ! on "${@:2}" || fail "expected a refusal: $1"
  [[ $OUT$'\n'$ERR =~ $1 ]] || fail "expected a refusal: $1"
}

# follows RECIPE MACHINE [STEP…]: README's commands as they stand there, with somebody at a terminal who does these
# steps (at_terminal.py); `--answer-env TYPED` types $TYPED. What was to be read is $SCREEN.
follows() {
  local name=$1 machine=$2
  shift 2
  LAST_CALL="$machine: the recipe $name" STATUS=0
  script_of "$name"
  (enter "$machine" /usr/bin/python3 "$LAB_SOURCE/at_terminal.py" --limit "$LIMIT" --in tty --screen "$LAB/screen" \
    "$@" -- bash "$LAB/recipe") >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  SCREEN=$(tr -d '\r' <"$LAB/screen")
  ((!STATUS)) || fail "exit $STATUS; the screen: $SCREEN"
}

# --- what runs on them -----------------------------------------------------------------------------

# start_engines MACHINE…: docker engines, at the socket where clients look. start_runtimes: containerds.
start_engines() {
  local machine
  for machine; do
    engine_options "$LAB/$machine/engine" /run/docker.sock
    start "$machine.engine" enter "$machine" env DOCKER_RAMDISK=1 dockerd "${ENGINE[@]}"
    ENGINE_PIDS[$machine]=$STARTED
  done
  for machine; do
    (wait_until test -S "$LAB/$machine/run/docker.sock" && wait_until on "$machine" docker version) ||
      fail "no engine: $(tail -n 1 "$LAB/$machine.engine.log")"
  done
}

# stop_engines MACHINE…: before lab.sh would lose patience with them.
stop_engines() {
  local machine
  for machine; do kill "${ENGINE_PIDS[$machine]}"; done
  for machine; do wait_until has_ended "${ENGINE_PIDS[$machine]}"; done
}
has_ended() { ! kill -0 "$1"; }

start_runtimes() {
  local machine
  for machine; do
    containerd_config "$LAB/$machine/containerd" /etc/containerd/certs.d
    start "$machine.containerd" enter "$machine" containerd --config "$LAB/$machine/containerd/config.toml"
  done
  for machine; do
    wait_until test -S "$LAB/$machine/containerd/socket"
    wait_until cri "$LAB/$machine/containerd" version
  done
}

# drops MACHINE IMAGE…: the engine forgets them, so that the next pull fetches.
drops() { runs "$1" docker rmi --force "${@:2}"; }

# kubelet_asks MACHINE IMAGE: $PULL is what a kubelet gets for it, which has no HOME.
kubelet_asks() {
  LAST_CALL=
  PULL=$(enter "$1" env -u HOME /usr/bin/python3 "$KUBELET" /etc/kubernetes/credential-provider.yaml /usr/bin \
    "${2%:*}" 2>"$LAB/err") || fail "$1: the kubelet: $(<"$LAB/err")"
  equal '[]' "$(jq -c .errors <<<"$PULL")" 'errors that the kubelet would log'
}

# node_pulls MACHINE IMAGE, node_pulls_not: by containerd, with what the kubelet got. It asks the registry each time,
# also for what it has.
node_pulls() {
  kubelet_asks "$1" "$2"
  node_tries "$@" || fail "$1: no pull: $(clip "$LAB/cri.err")"
  grep -q '^sha256:' "$LAB/reference" || fail "$1: pulled: $(clip "$LAB/reference")"
}

node_pulls_not() {
  kubelet_asks "$1" "$2"
  ! node_tries "$@" || fail "$1: pulled $2"
  grep -qiE "${3:-401|unauthorized|authorization failed}" "$LAB/cri.err" || fail "$1: $(clip "$LAB/cri.err")"
}

node_tries() { jq -c .credentials <<<"$PULL" | cri "$LAB/$1/containerd" pull "$2" >"$LAB/reference"; }
