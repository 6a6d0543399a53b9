#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The package is installed, used by several users, upgraded and removed, by the real dpkg: after that
# no configuration names the helper, and docker, skopeo and buildah do not stop at it. The logins stay.
export DOCKER=${DOCKER:-$(type -P docker)} # one client will do
. "${BASH_SOURCE[0]%/*}/containers_lab.sh" || exit 1
# shellcheck source=../lab/deb.sh
. "$LAB_SOURCE/deb.sh"
BUILD_DIR=$(realpath -e "${BUILD_DIR:?a build of the release preset}")
name=docker-credential-keyring

make_deb
own_system home
rm -f "$LAB/bin/$name"
# shellcheck disable=SC2034 # read by lab.sh
package() {
  LAST_CALL="dpkg $*" STATUS=0
  timeout -k 5 "$LIMIT" dpkg --no-triggers --force-depends "$@" </dev/null >"$LAB/out" 2>"$LAB/err" ||
    STATUS=$?
  OUT=$(<"$LAB/out") ERR=$(<"$LAB/err")
  exits 0 "dpkg $1"
}
package --install "$LAB/deb/$name"_*.deb

USERS_PATH=
add_user ada 7001
add_user bob 7002
add_user cy 7003
add_user dan 7004
own_drop_in() { echo "$LAB/$1/${DROP_IN#"$HOME/"}"; }
system_drop_in=/etc/containers/registries.conf.d/${DROP_IN##*/}

# ada has migrated, by a vault of her own.
as_user ada "$name" vault create --key-file "$LAB/ada/key" 2>"$LAB/noise" >&2
mkdir -p "$LAB/ada/.docker"
echo '{"auths":{"h.example":{"auth":"YWRhOnNlY3JldC1vZi1hZGE="}}, "x": 1}' >"$LAB/ada/.docker/config.json"
chown -R 7001:7001 "$LAB/ada"
as_user ada "$name" migrate >"$LAB/noise"
[[ -e $(own_drop_in ada) ]] || fail 'expected a drop-in of ada'
equal ada "$(as_user ada skopeo login --get-login h.example)" 'the login of ada'
# bob uses another helper, cy has a trap in the place of a file, and dan's file cannot be read.
mkdir "$LAB"/{bob,cy,dan}/.docker
echo '{"credsStore":"pass"}' >"$LAB/bob/.docker/config.json"
mkfifo "$LAB/cy/.docker/config.json"
echo '{"credsStore":"keyring"' >"$LAB/dan/.docker/config.json"
chown -R 7004:7004 "$LAB/dan"
# root has set it up for all.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
start_session
migrate --system
exits 0 'migrate --system'
[[ -e $system_drop_in ]] || fail "expected the system's drop-in"

mkdir -p /etc/kubernetes
"$name" kubelet --print-config reg.example >/etc/kubernetes/credential-provider.yaml

# As systemctl enable does it.
timer=/etc/systemd/system/timers.target.wants/$name-sync.timer
mkdir -p "${timer%/*}"
ln -s "/usr/lib/systemd/system/${timer##*/}" "$timer"

# --- an upgrade leaves all of it
cp "$LAB/ada/.docker/config.json" "$LAB/before"
package --install "$LAB/deb/$name"_*.deb
same_file "$LAB/before" "$LAB/ada/.docker/config.json" 'config.json of ada, after an upgrade'
[[ -e $timer ]] || fail 'the upgrade takes the timer away'
[[ -e $system_drop_in && -e $(own_drop_in ada) ]] || fail 'an upgrade takes a drop-in away'

# --- so does a removal, as long as another copy answers to the name
cp "/usr/bin/$name" "/usr/local/bin/$name"
package --remove "$name"
[[ -e $system_drop_in && -e $(own_drop_in ada) ]] || fail 'a drop-in goes although a copy is there'
[[ $ERR == *"/usr/local/bin/$name answers to the name"* ]] || fail 'expected the copy to be named'
package --install "$LAB/deb/$name"_*.deb

# --- the removal. A link to the program is no other copy. What lies in a folder of root's is nobody's. What looks at ada's
# files is ada, who holds it up to look at it: it has a session of its own, and shows her nothing of root's.
ln -sf "/usr/bin/$name" "/usr/local/bin/$name"
mkdir -p /home/shared/.docker
echo '{"credsStore":"keyring"}' >/home/shared/.docker/config.json
chmod -R a+rwX /home/shared/.docker
cat >"$LAB/spy" <<'END'
#!/bin/bash
look() { { cat "/proc/$1/environ" && ls "/proc/$1/fd/" "/proc/$1/cwd/"; } 2>/dev/null; }
look "$1" >"$HOME/seen"
look "$$" >"$HOME/own"
END
chmod 0755 "$LAB/spy"
LAST_CALL='restore --system, as ada' status=0
as_user ada "$name" restore --system >"$LAB/out" 2>"$LAB/err" || status=$?
equal 1 "$status" 'exit for ada'
grep -q 'sudo docker-credential-keyring restore --system' "$LAB/err" || fail "for ada: $(clip "$LAB/err")"
exec {lock}>>"$LAB/ada/.local/state/$name/migrate.lock"
flock "$lock"
package --remove "$name" {lock}>&- &
removal=$!
wait_until pgrep -u 7001 -x docker-credenti
process=$(pgrep -u 7001 -x docker-credenti)
session=$(cut -d' ' -f6 "/proc/$process/stat")
as_user ada "$LAB/spy" "$process" || fail "the spy: $?"
exec {lock}>&-
wait "$removal" || fail 'the removal'
ERR=$(<"$LAB/err")
rm "/usr/local/bin/$name"
equal '{"credsStore":"keyring"}' "$(</home/shared/.docker/config.json)" 'what lies in a folder of root'
[[ $session != "$(cut -d' ' -f6 /proc/self/stat)" ]] || fail 'it is in the session of root'
equal '' "$(<"$LAB/ada/seen")" 'what ada sees of it'
[[ -s $LAB/ada/own ]] || fail 'ada sees nothing of her own either'
[[ $ERR == *"the configuration in $LAB/dan still names it"* ]] || fail 'expected dan to be named'
[[ $ERR != *"in $LAB/ada "* && $ERR != *"in $LAB/bob "* ]] || fail 'expected dan alone to be named'
# What stays is said, and what would not start any more.
[[ $ERR == *"the vault in $LAB/ada/.local/share/$name stays"* ]] || fail 'expected the vault of ada to be named'
[[ ! -L $timer ]] || fail 'the timer is left without what it starts'
[[ $ERR == *'/etc/kubernetes/credential-provider.yaml names it'*kubelet* ]] || fail 'expected the kubelet to be named'
[[ ! -e /usr/bin/$name ]] || fail 'expected the program to be gone'
[[ ! -e $system_drop_in && ! -e $(own_drop_in ada) ]] || fail 'a drop-in names what is gone'
equal '{"auths":{"h.example":{}},"x":1}' "$(jq -c . "$LAB/ada/.docker/config.json")" 'config.json of ada'
equal 7001 "$(stat -c %u "$LAB/ada/.docker/config.json")" 'owner of config.json'
equal '{"credsStore":"pass"}' "$(<"$LAB/bob/.docker/config.json")" 'config.json of bob'
[[ -e $LAB/ada/.local/share/$name/vault ]] || fail 'the logins of ada are gone'
# Nobody stops at the name.
for tool in skopeo buildah; do
  not_logged_in "$tool" ada
done

# --- once more on a machine where nobody uses it
package --install "$LAB/deb/$name"_*.deb
package --remove "$name"

# --- on a node with a kubelet alone doctor misses no docker, and migrate does not speak of it
package --install "$LAB/deb/$name"_*.deb
rm -f /usr/bin/{docker,podman,skopeo,buildah}
mkdir -p /var/lib/kubelet
printf '{"auths":{"reg.example":{"auth":"%s"}}}' "$(printf 'ci:word-one' | base64)" >/var/lib/kubelet/config.json
chmod 0600 /var/lib/kubelet/config.json
mkdir -m 0700 "$LAB/node"
# shellcheck disable=SC2034 # read by lab.sh
at_node() {
  LAST_CALL="$name $*" STATUS=0
  env -i HOME="$LAB/node" PATH="$PATH" "$name" "$@" >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  OUT=$(<"$LAB/out") ERR=$(<"$LAB/err")
  exits 0 "$*"
}
at_node vault create --key-file "$LAB/node/key"
at_node migrate --config /var/lib/kubelet/config.json
says 'the kubelet asks no helper' 'kubelet --print-config'
at_node doctor
says 'reg.example'
[[ $OUT != *'does not tell docker'* ]] || fail 'doctor misses docker on a node'
package --remove "$name"
