#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Where no name server answers, a sync ends by its limit of ten seconds all the same: it waits for no name.
. "${BASH_SOURCE[0]%/*}/fleet_lab.sh" || exit 1

authority ca
certificate node node
on one docker-credential-keyring vault create --key-file "$FLEET_KEY"
exits 0 'vault create'
jq -n --arg certs "$CERTS" --arg id "$("$READER" header "$(copy_of one)" | jq -r .id)" \
  '{vault_at: "etcd://e1.example:2379,e2.example:2379/dck/prod", vault_id: $id, vault_ca: "\($certs)/ca.pem",
    vault_cert: "\($certs)/node.pem", vault_cert_key: "\($certs)/node.key"}' >"$LAB/settings"
install -D -m 0600 "$LAB/settings" "$LAB/one/.config/docker-credential-keyring/settings.json"

# Two that say nothing: the library of the system has given them up after twenty seconds.
printf 'nameserver 127.0.0.9\nnameserver 127.0.0.10\n' >"$LAB/resolv.conf"
mount --bind "$LAB/resolv.conf" /etc/resolv.conf
start silent socat -u UDP4-RECV:53,bind=127.0.0.9 /dev/null
start silent socat -u UDP4-RECV:53,bind=127.0.0.10 /dev/null
began=$SECONDS
on one docker-credential-keyring vault sync
exits 1 'sync where no name is known'
says 'no answer from etcd' e1.example 'going on with generation 1'
at_most 19 $((SECONDS - began)) 'seconds'
