#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Certificates that do not do, a library that is missing, and an etcd that was made anew under the same addresses.
. "${BASH_SOURCE[0]%/*}/fleet_lab.sh" || exit 1

begin_fleet
join_node one

# with_certificate NAME TEXT…: sync fails by it, and says so.
with_certificate() {
  set_on one vault_cert "$CERTS/$1.pem" vault_cert_key "$CERTS/$1.key"
  on one docker-credential-keyring vault sync
  reset_on one
  exits 1 "sync with the certificate $1"
  says "${@:2}"
  answers one a.example ada old-secret
}
certificate expired node ca -1
with_certificate expired "$CERTS/expired.pem" 'user node' 'which ended on'
authority other
certificate foreign node other
with_certificate foreign "$CERTS/foreign.pem"
certificate stranger stranger
with_certificate stranger 'user stranger' "$PREFIX" 'permission denied'
cp "$CERTS/node.pem" "$CERTS/nobody.pem"
with_certificate nobody "$CERTS/nobody.key: No such file"
openssl pkey -in "$CERTS/node.key" -aes128 -passout pass:word -out "$CERTS/nobody.key"
with_certificate nobody "$CERTS/nobody.key has a passphrase"
openssl genpkey -algorithm ed25519 -out "$CERTS/nobody.key" 2>>"$LAB/openssl.log"
with_certificate nobody "$CERTS/nobody.pem"
set_on one vault_ca "$CERTS/other.pem"
on one docker-credential-keyring vault sync
exits 1 'sync with another CA'
says "its certificate is not known by $CERTS/other.pem"
reset_on one

# --- without libcurl: a copy of the program that asks for a library of another name
LC_ALL=C sed 's/libcurl\.so\.4/libcurl.so.9/g' "$HELPER" >"$LAB/bin/without-curl"
chmod 0755 "$LAB/bin/without-curl"
on one without-curl vault sync
exits 1 'sync without libcurl'
says libcurl4
INPUT=<(echo a.example) on one without-curl get
exits 0 'get without libcurl'

# --- made anew: its revisions begin at 1 again, and the same one is another state
for i in "${!MEMBERS[@]}"; do kill_member "$i"; done
rm -rf "$LAB"/member[0-9]
start_etcd
as_user admin put "$PREFIX/vault" <"$(copy_of admin)" >>"$LAB/put.log"
login admin b.example bob s3
sync_on one
answers one b.example bob s3
for i in "${!MEMBERS[@]}"; do kill_member "$i"; done
rm -rf "$LAB"/member[0-9]
start_etcd
on one docker-credential-keyring vault sync
exits 1 'sync with an empty etcd'
says 'there is no vault at'
on admin docker-credential-keyring vault share
exits 0 'share after the loss'
sync_on one
