#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# migrate --system: for every user of the machine, with the files behind us as long as one of them has
# a login in a file. Two users, with accounts and homes of their own, and a real skopeo for each.
export DOCKER=${DOCKER:-$(type -P docker)} # docker is not in it
. "${BASH_SOURCE[0]%/*}/containers_lab.sh" || exit 1
: "${HELPER:?the program under test}"

own_system
add_user ada 7001
add_user bob 7002
system_drop_in=/etc/containers/registries.conf.d/${DROP_IN##*/}
system_asks() { DROP_IN=$system_drop_in asks "$@"; }

# --- that root has no store is no reason: each user has their own, and root's docker stays as it is
for option in --dry-run ''; do
  # shellcheck disable=SC2086
  migrate --system $option
  exits 0 "no store of root, $option"
  says "root's own docker is left as it is" 'vault create'
done
system_asks keyring
[[ ! -e $HOME/.docker/config.json ]] || fail "expected no config.json of root"
rm -rf "$system_drop_in" "$HOME/.docker"
start_session

# --- who is not root is told what to do
status=0
as_user ada docker-credential-keyring migrate --system >"$LAB/out" 2>"$LAB/err" || status=$?
equal 1 "$status" 'exit for ada'
grep -q 'sudo docker-credential-keyring migrate --system' "$LAB/err" || fail "for ada: $(clip "$LAB/err")"
[[ ! -e $system_drop_in ]] || fail 'expected nothing to be written'

# --- nobody has a login in a file
migrate --system --dry-run
exits 0 --dry-run
says "$system_drop_in" 'would ask keyring'
[[ ! -e $system_drop_in ]] || fail 'expected nothing to be written by --dry-run'
migrate --system
exits 0
system_asks keyring
equal '644 0' "$(stat -c '%a %u' "$system_drop_in")" 'mode and owner'
[[ ! -e $DROP_IN ]] || fail 'expected no drop-in of root alone'

# --- each user's skopeo asks the helper, and that one the vault of the user
for user in ada bob; do
  as_user "$user" docker-credential-keyring vault create --key-file "$LAB/$user/key" 2>"$LAB/noise" >&2
  credential h.example "$user" "secret-of-$user" | as_user "$user" docker-credential-keyring store
  equal "$user" "$(as_user "$user" skopeo login --get-login h.example)" "the login that $user has"
done

# --- bob has logins in files: they go on working, and are named
mkdir -p "$LAB/bob/.config/containers" "$LAB/bob/.docker" /run/user/7002/containers
auth() { printf '{"auths":{"%s":{"auth":"%s"}}}' "$1" "$(printf '%s:secret-of-old' "$2" | base64)"; }
auth l.example last >"$LAB/bob/.config/containers/auth.json"
auth d.example dan >"$LAB/bob/.docker/config.json"
auth r.example run >/run/user/7002/containers/auth.json
chown -R 7002:7002 "$LAB/bob" /run/user/7002
# Traps for root: ada's are read as ada, and what is none of hers is passed over.
mkdir -p "$LAB/ada/.docker" "$LAB/ada/.config/containers" "$LAB/rooms" /run/user/7001/containers
mkfifo "$LAB/ada/.docker/config.json"
auth hidden.example root >"$LAB/rooms/auth.json"
chmod 0600 "$LAB/rooms/auth.json"
ln -s "$LAB/rooms/auth.json" "$LAB/ada/.config/containers/auth.json"
head -c 2000000 /dev/zero >/run/user/7001/containers/auth.json
chown -hR 7001:7001 "$LAB/ada" /run/user/7001
migrate --system
exits 0 'bob has logins'
says "ada's $LAB/ada/.docker/config.json is not read: it is no regular file" \
  "ada's /run/user/7001/containers/auth.json is not read: it is larger than 1 MiB"
[[ $OUT$ERR != *hidden.example* ]] || fail "what ada may not read was read for her"
rm -r "$LAB/ada/.docker" "$LAB/ada/.config" /run/user/7001
system_asks keyring containers-auth.json
for server in l.example d.example r.example; do says "bob's $server"; done
says 'becomes plaintext'
[[ $OUT != *secret-of* ]] || fail 'a secret is in the output'
equal last "$(as_user bob skopeo login --get-login l.example)" 'the login of bob in a file'
equal dan "$(as_user bob skopeo login --get-login d.example)" "the login of bob in docker's file"

# --- bob migrates: his list is his own, and narrower
as_user bob docker-credential-keyring migrate >"$LAB/out"
DROP_IN=$LAB/bob/${DROP_IN#"$HOME/"} asks keyring
equal last "$(as_user bob skopeo login --get-login l.example)" 'the login of bob, migrated'
rm /run/user/7002/containers/auth.json # read without XDG_RUNTIME_DIR by nobody
migrate --system
exits 0 'bob has migrated'
system_asks keyring

# --- a registries.conf of one's own hides the system's: said
mkdir -p "$LAB/ada/.config/containers"
: >"$LAB/ada/.config/containers/registries.conf"
migrate --system
exits 0 'not reached'
says 'hides this from ada'
not_logged_in skopeo ada

# --- root's own hides it from root: then no login of root's leaves the file in which it is found
mkdir -p "$HOME/.config/containers"
: >"$HOME/.config/containers/registries.conf"
auth root.example rita >"$HOME/.config/containers/auth.json"
migrate --system
exits 3 "root's own registries.conf"
says 'hides what --system writes'
equal rita "$(skopeo login --get-login root.example)" 'the login of root in a file'
rm "$HOME/.config/containers/registries.conf" "$HOME/.config/containers/auth.json"

# --- root's own drop-in makes way, and a list of the machine's own is kept behind
rm "$system_drop_in"
migrate
exits 0
[[ -e $DROP_IN ]] || fail "expected root's own drop-in"
echo 'credential-helpers = ["pass"]' >/etc/containers/registries.conf.d/50-site.conf
migrate --system
exits 0
system_asks keyring pass
[[ ! -e $DROP_IN ]] || fail "expected root's own drop-in to make way"
