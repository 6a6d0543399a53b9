#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A place that is only read: the vault as a file of a web server.
. "${BASH_SOURCE[0]%/*}/fleet_lab.sh" || exit 1

authority ca
certificate member member
URL=https://127.0.0.1:8443/dck/vault
mkdir "$LAB/web" "$LAB/web/dck"
cat >"$LAB/nginx.conf" <<END
daemon off; user root; pid $LAB/nginx.pid; error_log stderr; worker_processes 1;
events { worker_connections 64; }
http {
  access_log $LAB/access.log;
  client_body_temp_path $LAB/tmp; proxy_temp_path $LAB/tmp; fastcgi_temp_path $LAB/tmp; uwsgi_temp_path $LAB/tmp;
  scgi_temp_path $LAB/tmp;
  server {
    listen 127.0.0.1:8443 ssl;
    ssl_certificate $CERTS/member.pem; ssl_certificate_key $CERTS/member.key;
    root $LAB/web;
    location /moved { return 302 https://127.0.0.1:8443/dck/vault; }
    location /broken { return 503; }
    location /lying { return 304; }
    location /closed/ {
      alias $LAB/web/dck/;
      if (\$http_authorization !~ ^(Bearer\ word-token|Basic\ YWRhOndvcmQtb25l)$) { return 401; }
    }
  }
}
END
start web nginx -p "$LAB" -c "$LAB/nginx.conf" -e "$LAB/nginx.log"
listens() { (exec 3<>/dev/tcp/127.0.0.1/8443); }
wait_until listens

on admin docker-credential-keyring vault create --key-file "$FLEET_KEY"
login admin a.example ada old-secret
# An ETag of nginx has the second and the size, and both may be the same of two vaults.
publish() {
  published=$((${published:-0} + 1))
  install -m 0644 "$(copy_of admin)" "$LAB/web/dck/new"
  touch -d "$published hours ago" "$LAB/web/dck/new"
  mv "$LAB/web/dck/new" "$LAB/web/dck/vault"
}
publish
on admin docker-credential-keyring vault status --json
ID=$(jq -r .id "$LAB/out")
on one docker-credential-keyring vault join "$URL" --id "$ID" --key-file "$FLEET_KEY" --ca "$CERTS/ca.pem"
exits 0 join
answers one a.example ada old-secret

# --- by its ETag
sync_on one
equal 'unchanged: generation 2' "$OUT" sync
equal 304 "$(tail -n 1 "$LAB/access.log" | awk '{ print $9 }')" 'the answer of the web server'
login admin a.example ada new-secret
publish
sync_on one
answers one a.example ada new-secret
INPUT=<(credential b.example bob s3) on one docker-credential-keyring store
exits 1 'store into a place that is only read'
says read-only

# at URL TEXT…: sync fails there, and says so; the copy answers.
at() {
  set_on one vault_at "$1"
  on one docker-credential-keyring vault sync
  reset_on one
  exits 1 "sync at $1"
  says "${@:2}"
  answers one a.example ada new-secret
}
at https://127.0.0.1:8443/moved 302 'not followed' "$URL"
at https://127.0.0.1:8443/broken 503
on new docker-credential-keyring vault join https://127.0.0.1:8443/lying --id "$ID" --key-file "$FLEET_KEY" \
  --ca "$CERTS/ca.pem"
exits 1 'join where a server says that nothing has changed'
says 304
at https://127.0.0.1:8443/nothing 'there is no vault at'
at https://127.0.0.1:8444/vault 'no connection'
at https://127.0.0.1:8443/closed/vault 401
truncate -s 900 "$LAB/web/dck/vault"
on one docker-credential-keyring vault sync
exits 1 'sync of what is cut short'
says 'is not taken'
answers one a.example ada new-secret
publish

# --- with a password
for word in ada:word-one word-token; do
  (umask 077 && printf '%s\n' "$word" >"$LAB/password")
  on "by-$word" docker-credential-keyring vault join https://127.0.0.1:8443/closed/vault --id "$ID" \
    --key-file "$FLEET_KEY" --ca "$CERTS/ca.pem" --password-file "$LAB/password"
  exits 0 "join by $word"
done
