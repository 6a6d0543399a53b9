#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# README's way over SSH, through a real sshd, on a build server where another user works: docker logs in at home, and
# pulls and pushes there. Connected three times, the second after a kill. No secret is on the server's disk at any
# moment. What is cut in the middle, over, or not forwarded, is told as that; and a question at home is answered there.
export DOCKER=${DOCKER:-$(type -P docker)}
. "${BASH_SOURCE[0]%/*}/../containers/containers_lab.sh" || exit 1
# shellcheck source=../lab/recipes.sh
. "$LAB_SOURCE/recipes.sh"
: "${HELPER:?the program under test}"

own_system
add_user build 7003
chmod 0700 "$LAB/build" /run/user/7003
seed_storage
password=$(new_secret)
start_password_registry ada "$password"
image=$REGISTRY/$IMAGE
start_engine
chmod 0711 "$LAB/engine"
chmod 0666 "$LAB/engine/socket"

# --- an sshd, and the build server behind it
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p /run/sshd /etc/ssh/sshd_config.d "$LAB/build/.ssh" "$HOME/.ssh"
rm -f /etc/ssh/sshd_config.d/*
ssh-keygen -q -t ed25519 -N '' -f "$LAB/host_key"
ssh-keygen -q -t ed25519 -N '' -f "$HOME/.ssh/id_ed25519"
cp "$HOME/.ssh/id_ed25519.pub" "$LAB/build/.ssh/authorized_keys"
mkdir "$LAB/build/.docker"
echo '{"credsStore": "keyring"}' >"$LAB/build/.docker/config.json"
chown -R 7003:7003 "$LAB/build"
cp "$LAB/users.bin/docker-credential-keyring" /usr/local/bin/
cat >"$LAB/sshd_config" <<SSHD
Include /etc/ssh/sshd_config.d/*.conf
Port $port
ListenAddress 127.0.0.1
HostKey $LAB/host_key
PidFile $LAB/sshd.pid
StrictModes no
UsePAM no
AllowUsers build
SetEnv DOCKER_HOST=$DOCKER_HOST XDG_RUNTIME_DIR=/run/user/7003 LAB=$LAB
SSHD
cat >"$HOME/.ssh/config" <<SSH
Host build.example.com
  HostName 127.0.0.1
  Port $port
  User build
  IdentityFile $HOME/.ssh/id_ed25519
  UserKnownHostsFile $LAB/known_hosts
  StrictHostKeyChecking no
  LogLevel ERROR
SSH
# ssh takes the home of its user from the accounts, and not from HOME.
printf '#!/bin/sh\nexec /usr/bin/ssh -F "%s" "$@"\n' "$HOME/.ssh/config" >"$LAB/bin/ssh"
chmod 0755 "$LAB/bin/ssh"
start_sshd() {
  start sshd /usr/sbin/sshd -D -e -f "$LAB/sshd_config"
  SSHD=$STARTED
  wait_until ssh -o ClearAllForwardings=yes build.example.com true
}
# shellcheck disable=SC2016
printf '#!/bin/sh\n[ "$*" = "reload ssh" ] && kill -HUP "$(cat "%s/sshd.pid")"\n' "$LAB" >"$LAB/bin/systemctl"
chmod 0755 "$LAB/bin/systemctl"
start_sshd
HERE+=(-e 's|/run/user/1000|/run/user/7003|g' -e "s|registry.example.com:5000/app|$image|"
  -e "s|registry.example.com:5000|$REGISTRY|")
there=/run/user/7003/docker-credential-keyring-home.socket

# --- at home: a login, and a forward
docker-credential-keyring vault create --key-file "$LAB/key" 2>"$LAB/noise"
mkdir -p "$HOME/.docker"
echo '{"credsStore": "keyring"}' >"$HOME/.docker/config.json"
login "$REGISTRY" ada "$password"
docker-credential-keyring add other.example -u bob --password-stdin <<<other-secret >"$LAB/noise" 2>&1
start forward bash -c "exec $(recipe forward)"
wait_until grep -q 'answers for' "$LAB/forward.log"
WATCHED=("$LAB/build" /run/user/7003)
watch "$password" other-secret
seen_there() {
  echo last-look-of-the-watch >"$LAB/build/last-look"
  wait_until grep -qxF "$LAB/build/last-look" "$LAB/seen"
  rm "$LAB/build/last-look"
  equal '' "$(grep -vxFe ready -e "$LAB/build/last-look" "$LAB/seen" | sort -u || [[ $? == 1 ]])" "$1"
}

# by_recipe NAME COMMAND…: what the recipe's session is told to do there; its end is the status.
by_recipe() {
  script_of "$1"
  { recipe forward-there | grep '^export' && printf '%s\n' "${@:2}"; } >"$LAB/typed"
  STATUS=0
  # shellcheck disable=SC2034 # of lab.sh
  LAST_CALL=$1
  timeout -k 5 "$LIMIT" bash "$LAB/recipe" <"$LAB/typed" >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  OUT=$(<"$LAB/out") ERR=$(<"$LAB/err")
}
works_by_recipe() {
  by_recipe "$1" 'set -e' "docker pull -q $image" "docker tag $image $REGISTRY/lab/built:1" \
    "docker push -q $REGISTRY/lab/built:1" "docker rmi -f $image $REGISTRY/lab/built:1 >&2" 'echo all-done'
  [[ $STATUS == 0 && $OUT == *all-done* ]] || fail "$1: exit $STATUS, $OUT $ERR"
}

bash <(recipe forward-sshd) || fail 'the recipe for sshd'
wait_until ssh -o ClearAllForwardings=yes build.example.com true
works_by_recipe forward-ssh
seen_there 'files that held a secret, after a session'
printed=$(docker-credential-keyring forward --print-ssh build.example.com)
[[ $printed == *"$there:$XDG_RUNTIME_DIR/docker-credential-keyring/forward/socket build.example.com"* ]] ||
  fail "what --print-ssh prints: $printed"

# --- killed in the middle of a session, and connected again
# shellcheck disable=SC2016
by_recipe forward-ssh 'kill -KILL $PPID'
[[ -S $there ]] || fail 'sshd leaves no socket behind, which the recipes are for'
works_by_recipe forward-ssh
# Without root's setting the old one has to go first.
rm /etc/ssh/sshd_config.d/docker-credential-keyring.conf
kill -HUP "$(<"$LAB/sshd.pid")"
wait_until ssh -o ClearAllForwardings=yes build.example.com true
by_recipe forward-ssh "echo $REGISTRY | docker-credential-keyring get"
[[ $OUT == *"$NOT_FOUND"* ]] || fail "an old socket in the way: $OUT $ERR"
works_by_recipe forward-ssh-plain
seen_there 'files that held a secret, after all sessions'

# --- not forwarded, and not to be changed
by_recipe forward-ssh-plain 'echo other.example | docker-credential-keyring get' "docker logout $REGISTRY" \
  "docker-credential-keyring ls"
[[ $OUT == *"$NOT_FOUND"* && $OUT == *'store at home'* && $OUT != *other.example* ]] ||
  fail "what is not forwarded: $OUT"
[[ $OUT$ERR == *'home still answers for'* ]] || fail "docker logout there: $OUT $ERR"
has "$REGISTRY" ada "$password"
grep -qE "uid 0, ssh \([0-9]+\): given: \"$REGISTRY\"" "$LAB/forward.log" ||
  fail "the log: $(tail -3 "$LAB/forward.log")"

# --- the forward ends while a session lives
# There a session says where it is, and waits for what happens at home; not in a folder that is watched.
mkdir "$LAB/gates"
mkfifo -m 0666 "$LAB/gates/there" "$LAB/gates/home"
meanwhile="echo there >$LAB/gates/there; read -r _ <$LAB/gates/home"
is_there() { timeout "$LIMIT" cat "$LAB/gates/there" >"$LAB/noise" || fail "$1: the session does not come so far"; }
go_on() { echo home >"$LAB/gates/home"; }
get_there="echo $REGISTRY | docker-credential-keyring get"

# session_finds_nothing WHEN: what it found before, too.
session_finds_nothing() {
  go_on
  wait "$SESSION"
  OUT=$(<"$LAB/out")
  [[ $OUT == *first*"$NOT_FOUND"* ]] || fail "$1: $OUT"
  grep -q 'home answered for .* before, and does not now' "$LAB/err" || fail "$1: $(<"$LAB/err")"
}
by_recipe forward-ssh-plain "$get_there >/dev/null && echo first" "$meanwhile" "$get_there" &
SESSION=$!
is_there 'home ended'
docker-credential-keyring forward --stop >"$LAB/noise"
session_finds_nothing 'home ended'

: >"$LAB/forward.log"
start forward docker-credential-keyring forward "$REGISTRY" --for 5s
forward=$STARTED
wait_until grep -q 'answers for' "$LAB/forward.log"
by_recipe forward-ssh-plain "echo first" "$meanwhile" "$get_there" &
SESSION=$!
is_there 'the time over'
wait "$forward" || fail "a forward whose time is over: $(<"$LAB/forward.log")"
session_finds_nothing 'the time over'

# --- the connection is cut while home is at work: that is not "not found"
: >"$LAB/forward.log"
mkfifo "$LAB/gates/key"
mv "$LAB/key" "$LAB/key.moved"
start forward env DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND="touch $LAB/at-work; cat $LAB/gates/key $LAB/key.moved" \
  docker-credential-keyring forward "$REGISTRY"
wait_until grep -q 'answers for' "$LAB/forward.log"
# shellcheck disable=SC2016
by_recipe forward-ssh-plain "{ $get_there; echo \"exit \$?\"; } >$LAB/build/cut 2>&1 &" "$meanwhile" 'kill -KILL $PPID' &
SESSION=$!
is_there 'a cut'
wait_until test -e "$LAB/at-work"
go_on
wait "$SESSION"
ended_there() { grep -q '^exit' "$LAB/build/cut"; }
wait_until ended_there
: >"$LAB/gates/key"
grep -q 'home began to answer, and ended the connection' "$LAB/build/cut" || fail "a cut: $(<"$LAB/build/cut")"
grep -qx 'exit 1' "$LAB/build/cut" || fail "a cut: $(<"$LAB/build/cut")"
docker-credential-keyring forward --stop >"$LAB/noise"
seen_there 'files that held a secret, at the end'
end_process "$SSHD"
