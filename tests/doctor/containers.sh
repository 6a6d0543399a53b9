#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# podman, skopeo and buildah: their files, and which helpers their registries.conf makes them ask. The
# system's folder of it is the story's own.
. "${BASH_SOURCE[0]%/*}/../lab/own_mounts.sh" || exit 1
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

mkdir -p "$LAB/etc/containers"
cp -a /etc/. "$LAB/etc"
rm -rf "$LAB/etc/containers"
mkdir -p "$LAB/etc/containers/registries.conf.d"
mount --bind "$LAB/etc" /etc
AUTH_FILE=$XDG_RUNTIME_DIR/containers/auth.json
USER_CONF=$HOME/.config/containers
DROP_IN=registries.conf.d/99-docker-credential-keyring.conf

# drop_in [FOLDER]: ours, as migrate writes it; with FILES=too the files stand behind us, with first before.
drop_in() {
  local helpers='"keyring"'
  case ${FILES:-} in
  too) helpers='"keyring", "containers-auth.json"' ;;
  first) helpers='"containers-auth.json", "keyring"' ;;
  esac
  config "# Written by docker-credential-keyring migrate; docker-credential-keyring restore removes it.
credential-helpers = [$helpers]
" "${1:-$USER_CONF}/$DROP_IN"
}
# asked HELPERS: what doctor says that these tools ask.
asked() { equal "$1" "$(jq -c .facts.containers.asked "$LAB/findings")" 'what the tools ask'; }

ours
start_session
config '{"auths":{}}' "$AUTH_FILE"
healthy 'docker alone'
found containers-not-set-up info podman
asked '["containers-auth.json"]'
mended containers-not-set-up info
asked '["keyring"]'
rm -r "$USER_CONF"

drop_in
healthy 'ours'
asked '["keyring"]'
doctor
says 'skopeo and buildah: ask keyring'

# These tools are found where migrate finds them, also where PATH does not lead there.
run env PATH=/nonexistent "$HELPER" doctor
says 'skopeo and buildah: ask keyring'
rm "$AUTH_FILE"
run env PATH=/nonexistent "$HELPER" doctor
says 'skopeo and buildah: ask keyring'

# --- logins in plaintext
config "{\"auths\":{$(login a.example ada word-one)}}" "$AUTH_FILE"
finds auth-file-plaintext warning "$AUTH_FILE" a.example 'although podman'
rm -r "$USER_CONF"
finds auth-file-plaintext warning a.example
[[ $(field auth-file-plaintext text) != *although* ]] || fail 'expected nothing of a drop-in'
chmod 644 "$AUTH_FILE"
mended config-open problem "$AUTH_FILE"
mended auth-file-plaintext warning a.example
has a.example ada word-one
equal '{"auths":{}}' "$(<"$AUTH_FILE")" auth.json
rm -r "$USER_CONF"
config "{\"auths\":{$(login index.docker.io/v1/ ada word-hub)}}" "$AUTH_FILE"
mended auth-file-plaintext warning index.docker.io/v1/
healthy 'Docker Hub under a name of its own'
rm -r "$USER_CONF"
# One that these tools do not read there, because they ask another helper.
ln -s /bin/true "$LAB/bin/docker-credential-other"
config "{\"auths\":{$(login c.example ada word-five)},\"credHelpers\":{\"c.example\":\"other\"}}" "$AUTH_FILE"
mended plaintext-shadowed warning c.example other "$AUTH_FILE"
equal '' "$(field auth-file-plaintext severity)" 'severity of auth-file-plaintext'
has c.example ada word-five
rm -r "$USER_CONF"
config 'nonsense' "$AUTH_FILE"
mended config-malformed problem "$AUTH_FILE"
rm "$AUTH_FILE.broken"
config '{"credHelpers":{"b.example":"nope"}}' "$AUTH_FILE"
mended helper-missing problem b.example "$AUTH_FILE"
# What docker's config.json says of every server, auth.json does not.
config "{\"auths\":{$(login a.example ada word-one)},\"credsStore\":\"nope\"}" "$AUTH_FILE"
finds auth-file-plaintext warning a.example
equal '' "$(field helper-missing severity)" 'severity of helper-missing'

# --- logins for a part of a registry
team="$(login a.example/team ada word-two)"
config "{\"auths\":{$team}}" "$AUTH_FILE"
FILES=too drop_in
healthy 'a login for a part, and the files are asked'
found containers-fall-back info
drop_in
mended namespace-unasked warning a.example/team "$USER_CONF/$DROP_IN"
asked '["keyring","containers-auth.json"]'
config "{\"auths\":{$team},\"credHelpers\":{\"a.example\":\"keyring\"}}" "$AUTH_FILE"
finds namespace-shadowed warning a.example/team

# --- the files are asked before us, for such a part or for nothing
config "{\"auths\":{$team}}" "$AUTH_FILE"
FILES=first drop_in
finds containers-files-first info
config '{"auths":{}}' "$AUTH_FILE"
mended containers-files-first warning "$USER_CONF/$DROP_IN"
asked '["keyring"]'
config "{\"auths\":{$team}}" "$AUTH_FILE"
FILES=too drop_in
config '{"auths":{}}' "$AUTH_FILE"
mended containers-fall-back warning "$USER_CONF/$DROP_IN"
asked '["keyring"]'
healthy 'no way into plaintext'

# --- another file takes the place of ours
config 'credential-helpers = ["containers-auth.json"]' "$USER_CONF/registries.conf.d/99-z.conf"
mended drop-in-overridden warning "$USER_CONF/$DROP_IN" 99-z.conf
asked '["keyring"]'
rm -r "$USER_CONF"
drop_in /etc/containers
healthy "the system's"
config 'unqualified-search-registries = []' "$USER_CONF/registries.conf"
finds drop-in-overridden warning "$USER_CONF/registries.conf"
rm -r "$USER_CONF"
config 'credential-helpers = []' /etc/containers/registries.conf.d/99-z.conf
mended drop-in-overridden warning /etc/containers/registries.conf.d/99-z.conf
healthy "the system's again"

# --- one that cannot be read, and one that names a helper that is not there
config 'credential-helpers = [' "$USER_CONF/registries.conf.d/50-broken.conf"
mended registries-conf-malformed problem 50-broken.conf 'line 1'
config 'credential-helpers = ["no.pe"]' "$USER_CONF/registries.conf.d/99-z.conf"
mended containers-helper-missing problem no.pe 99-z.conf
asked '["keyring"]'
healthy 'all mended'

# --- the file that podman is told to use is not there, and its login does not make it
rm -r "$USER_CONF"
drop_in
export REGISTRY_AUTH_FILE=$LAB/away/auth.json
mended auth-file-missing problem "$REGISTRY_AUTH_FILE" podman
equal '600 {}' "$(stat -c %a "$REGISTRY_AUTH_FILE") $(<"$REGISTRY_AUTH_FILE")" 'what was made'
healthy 'made'
rm -r "$LAB/away"
config 'credential-helpers = ["containers-auth.json"]' "$USER_CONF/registries.conf.d/99-z.conf"
examine
equal '' "$(field auth-file-missing severity)" 'severity, where these tools make it themselves'
unset REGISTRY_AUTH_FILE

# --- a podman elsewhere takes no name with a scheme
rm -r "$USER_CONF"
drop_in
store https://index.docker.io/v1/ hub word-six
healthy 'no connection'
equal '' "$(field list-names-docker severity)" 'severity of list-names-docker'
for connection in "containers.conf:[engine.service_destinations.away]
uri = \"ssh://host.example/run/podman.sock\"" \
  'podman-connections.json:{"Connection":{"Default":"away","Connections":{"away":{"URI":"ssh://host.example/x"}}}}'; do
  config "${connection#*:}" "$USER_CONF/${connection%%:*}"
  healthy 'a connection'
  found list-names-docker info https://index.docker.io/v1/ containers
  settings '{"list_names": "containers"}'
  healthy 'a connection, hosts alone'
  equal '' "$(field list-names-docker severity)" 'severity of list-names-docker'
  settings '{}'
  rm "$USER_CONF/${connection%%:*}"
done
