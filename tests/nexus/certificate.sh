#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The CA decides whether docker and skopeo speak to the registry at all. Taken away, or another in its place, they
# refuse, and no login is kept. A wildcard stands for one part of a name.
. "${BASH_SOURCE[0]%/*}/nexus_lab.sh" || exit 1
: "${HELPER:?the program under test}"

WORD=word-one ADMIN_WORD=word-admin
start_nexus basic
own_programs
build_machine desktop
wait_until grep -qx up "$LAB/desktop.log"
start_session
start_engines desktop
mkdir "$HOME/.docker"
echo '{"credsStore": "keyring"}' >"$HOME/.docker/config.json"
image=$FIELD_NAME/$IMAGE
certs=$LAB/desktop/etc/docker/certs.d/$FIELD_NAME

# believed, not_believed TEXT: by docker's engine and by skopeo.
believed() {
  refuses "$REFUSED" desktop docker pull "$image"
  refuses "$REFUSED" desktop skopeo inspect "docker://$image"
}

not_believed() {
  refuses "$1" desktop docker pull "$image"
  refuses "$1" desktop skopeo inspect "docker://$image"
  # shellcheck disable=SC2016
  refuses "$1" desktop bash -c 'docker login -u team --password-stdin "$0" <<<"$1"' "$FIELD_NAME" not-the-one
  equal 0 "$(items server "$FIELD_NAME")" 'items in the keyring'
}

not_believed "$UNKNOWN_AUTHORITY"
follows nexus-ca desktop
believed

# Taken away, and then there again.
mv "$certs" "$LAB/taken"
not_believed "$UNKNOWN_AUTHORITY"
mv "$LAB/taken" "$certs"
believed

# Another CA of the same name.
mkdir "$LAB/other"
(cd "$LAB/other" && authority 'Example CA') >"$LAB/openssl.log" 2>&1
cp "$LAB/other/ca.crt" "$certs/ca.crt"
not_believed "$UNKNOWN_AUTHORITY|x509: .*signature"
cp "$LAB/nexus/ca.crt" "$certs/ca.crt"
believed

# *.example.com is no certificate for a.registry.example.com.
deep=deep.$FIELD_NAME
cp -r "$certs" "$LAB/desktop/etc/docker/certs.d/$deep"
image=$deep/$IMAGE
refuses "x509: certificate is valid for \*\.example\.com, not $deep" desktop docker pull "$image"
stop_engines desktop
