#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# README's three ways to have one vault on many machines, by its own commands, each on machines with an /etc and a home
# of their own; and once more, which changes nothing.
FLEET_ON=clevis_lab
. "${BASH_SOURCE[0]%/*}/fleet_lab.sh" || exit 1
# shellcheck source=../lab/recipes.sh
. "$LAB_SOURCE/recipes.sh"
# shellcheck source=../lab/mounts.sh
. "$LAB_SOURCE/mounts.sh"
own_etc "$LAB/etc"
mkdir -p /etc/docker-credential-keyring /etc/kubernetes /etc/systemd/system

# there MACHINE: $LAB/script, as root; its home and /etc are that machine's.
there() {
  local machine=$1 folder
  for folder in home etc/docker-credential-keyring etc/kubernetes etc/systemd/system; do
    mkdir -p "$LAB/$machine/$folder"
  done
  chmod 0700 "$LAB/$machine/home"
  # shellcheck disable=SC2016
  run unshare --mount --propagation private bash -ec '
    for folder in etc/docker-credential-keyring etc/kubernetes etc/systemd/system; do
      mount --bind "$1/$folder" "/$folder"
    done
    export HOME=$1/home
    cd
    exec bash -e "$2"' bash "$LAB/$machine" "$LAB/script"
}

# at MACHINE recipe NAME [FILTER…]: those of its lines that sed's FILTERs leave.
at() {
  "$2" "$3" | sed -e '' "${@:4}" >"$LAB/script"
  there "$1"
  exits 0 "the recipe $3 at $1"
}
at_home() { echo "$LAB/$1/home/$2"; }
vault_of() { at_home "$1" .local/share/docker-credential-keyring/vault; }

# asks MACHINE SERVER SECRET: what docker gets there.
asks() {
  echo "echo $2 | docker-credential-keyring get" >"$LAB/script"
  there "$1"
  equal "$3" "$(jq -r .Secret "$LAB/out")" "the secret of $2 on $1"
}
logs_in() {
  echo "docker-credential-keyring store <<<'$(credential "${@:2}")'" >"$LAB/script"
  there "$1"
  exits 0 "store on $1"
}

# lie_on MACHINE: the files there, less those that have times in them.
lie_on() {
  (cd "$LAB/$1" && find . -type f ! -name '*.place' ! -name 'open-*' ! -name key -exec sha256sum {} +) | sort
}
# unchanged_by MACHINE COMMAND…
unchanged_by() {
  lie_on "$1" >"$LAB/before"
  "${@:2}"
  lie_on "$1" >"$LAB/after"
  diff "$LAB/before" "$LAB/after" >"$LAB/changed" || fail "the second time changes on $1: $(<"$LAB/changed")"
}

ACCESS="--ca $CERTS/ca.pem"
authority ca
certificate member member
certificate root root
certificate admin admin
certificate node node
WEB=https://127.0.0.1:8443/raw/vault
NEXUS=https://nexus.example.com/repository/raw/vault
ENABLE='s|systemctl enable --now \(.*\)|ln -sf /usr/lib/systemd/system/\1 /etc/systemd/system/|'

# --- a file that is copied
at admins recipe fleet-copy -e '1,2!d'
logs_in admins a.example ada first-secret
cp "$(at_home admins fleet.key)" "$LAB/fleet.key"
copy() {
  install -D -m 0600 "$LAB/fleet.key" "$(at_home copied fleet.key)"
  install -D -m 0600 "$(vault_of admins)" "$(at_home copied vault)"
  at copied recipe fleet-copy -e 1,2d
}
mkdir -p "$LAB/copied/home"
copy
asks copied a.example first-secret
unchanged_by copied copy
logs_in admins a.example ada second-secret
copy
asks copied a.example second-secret

# --- a file on a web server
mkdir -p "$LAB/web/raw"
cat >"$LAB/nginx.conf" <<END
daemon off; user root; pid $LAB/nginx.pid; error_log stderr; worker_processes 1;
events { worker_connections 64; }
http {
  access_log $LAB/access.log; client_body_temp_path $LAB/tmp; proxy_temp_path $LAB/tmp;
  fastcgi_temp_path $LAB/tmp; uwsgi_temp_path $LAB/tmp; scgi_temp_path $LAB/tmp;
  server {
    listen 127.0.0.1:8443 ssl;
    ssl_certificate $CERTS/member.pem; ssl_certificate_key $CERTS/member.key;
    root $LAB/web;
    location / { dav_methods PUT; }
  }
}
END
start web nginx -p "$LAB" -c "$LAB/nginx.conf" -e "$LAB/nginx.log"
listens() { (exec 3<>/dev/tcp/127.0.0.1/8443); }
wait_until listens
ID=$("$READER" header "$(vault_of admins)" | jq -r .id)
export ID
publish() { at admins recipe fleet-web -e '1,2!d' -e "s|$NEXUS|--cacert $CERTS/ca.pem $WEB|"; }
by_web() {
  install -D -m 0600 "$LAB/fleet.key" "$LAB/web-node/etc/docker-credential-keyring/key"
  at web-node recipe fleet-web -e 1,2d -e "s|$NEXUS|$WEB $ACCESS|" -e "$ENABLE"
}
publish
by_web
asks web-node a.example second-secret
unchanged_by web-node by_web

# --- etcd, and a key that the TPM of the node seals
start_tpm
start_members() {
  local i
  for i in "${!MEMBERS[@]}"; do start_member "$i"; done
  wait_until as_user root get /
}
start_members
roles() {
  recipe fleet-roles | sed 's/ && etcdctl /\n/; s/^etcdctl //'
  printf '%s\n' 'user add root --no-password' 'user grant-role root root' 'auth enable'
}
give_roles
HERE+=(-e "s|etcd://e1:2379,e2:2379,e3:2379|${PLACE%"$PREFIX"}|" -e "s|--ca ca.pem|$ACCESS|"
  -e "s,\(admin\|node\)\.\(pem\|key\),$CERTS/\1.\2,g" -e "s|/run/fleet.key|fleet.key|g" -e '/^apt install/d'
  -e "$ENABLE"
  -e 's|{"pcr_bank":"sha256","pcr_ids":"7"}|{}|')
at fleet recipe fleet-etcd
equal "id $("$READER" header "$(vault_of fleet)" | jq -r .id)" "$(grep '^id ' "$LAB/out")" 'the id that share prints'
ID=$(sed -n 's/^id //p' "$LAB/out")
at fleet recipe fleet-etcd -e '/vault create/d'
says already
logs_in fleet a.example ada third-secret
by_etcd() {
  install -D -m 0600 "$(at_home fleet fleet.key)" "$(at_home node fleet.key)"
  at node recipe fleet-node
}
mkdir -p "$LAB/node/home"
by_etcd
[[ ! -e $(at_home node fleet.key) ]] || fail 'the key is left in plaintext'
grep -q '^eyJ' "$LAB/node/etc/docker-credential-keyring/key" || fail 'the key is not sealed'
asks node a.example third-secret
[[ -s $LAB/node/etc/kubernetes/credential-provider.yaml ]] || fail 'the kubelet has no configuration'
unchanged_by node by_etcd

# --- another key, for all who stay
OLD=$("$READER" header "$(vault_of fleet)" | jq -r '.slots[0].id')
export OLD
at fleet recipe fleet-new-key -e '1,2!d'
cp "$(at_home fleet new.key)" "$(at_home node new.key)"
for machine in node fleet; do at "$machine" recipe fleet-new-key -e '3,4!d'; done
at fleet recipe fleet-new-key -e 1,4d
logs_in fleet a.example ada fourth-secret
by_timer() {
  echo 'docker-credential-keyring vault sync' >"$LAB/script"
  there node
  exits 0 'sync on the node'
}
by_timer
asks node a.example fourth-secret
cp "$(at_home fleet new.key)" "$(at_home fleet fleet.key)"

# --- the same by the examples: Ansible, and cloud-init
EXAMPLES=$SOURCE_DIR/packaging/examples
cp "$(at_home fleet fleet.key)" "$LAB/fleet.key"
mkdir "$LAB"/{play,secrets}
cp "$CERTS"/{ca,node}.pem "$CERTS/node.key" "$LAB/play"
echo word-of-the-play >"$LAB/word"
LC_ALL=C.UTF-8 ansible-vault encrypt_string --vault-password-file "$LAB/word" --stdin-name fleet_key \
  <"$LAB/fleet.key" >"$LAB/play/vars.yml" 2>"$LAB/noise" || fail "ansible-vault: $(<"$LAB/noise")"
cat >"$LAB/play/play.yml" <<END
- hosts: localhost
  connection: local
  gather_facts: false
  vars: {fleet_place: "$PLACE", fleet_id: "$ID", fleet_pcrs: {}}
  vars_files: [vars.yml]
  roles: ["$EXAMPLES/ansible"]
  handlers:
    - name: restart the kubelet
      ansible.builtin.shell: echo restarted >>~/kubelet
END
# What only a whole system does, by apt and systemd, is these tasks and no more, and they name what there is.
cat >"$LAB/left_out.py" <<'END'
import sys, yaml
for task in yaml.safe_load(open(sys.argv[1])):
    if "system" in task.get("tags", ""):
        [what] = [value for key, value in task.items() if key.startswith("ansible.")]
        print(task["name"], what.get("name", "-"), sep=": ")
END
cat >"$LAB/expected" <<'END'
The program: -
What seals the key: clevis-tpm2
The timer that keeps it up to date: docker-credential-keyring-sync.timer
END
python3 "$LAB/left_out.py" "$EXAMPLES/ansible/tasks/main.yml" >"$LAB/left_out"
same_file "$LAB/expected" "$LAB/left_out" 'tasks that are left out here'
[[ -f $SOURCE_DIR/packaging/systemd/docker-credential-keyring-sync.timer ]] || fail 'there is no such timer'
by_ansible() {
  cat >"$LAB/script" <<END
export LC_ALL=C.UTF-8
ansible-playbook -i localhost, --skip-tags system --vault-password-file $LAB/word $LAB/play/play.yml
END
  there ansible
  exits 0 ansible-playbook
  [[ $OUT$ERR != *dck-key* ]] || fail 'the key is shown'
}
by_ansible
asks ansible a.example fourth-secret
grep -q '^eyJ' "$LAB/ansible/etc/docker-credential-keyring/key" || fail 'the key is not sealed'
unchanged_by ansible by_ansible
says 'changed=0 '
equal restarted "$(<"$(at_home ansible kubelet)")" 'restarts of the kubelet'

cp "$LAB/play"/{ca.pem,node.pem,node.key} "$LAB/secrets"
cp "$LAB/fleet.key" "$LAB/secrets/fleet-key"
start secrets python3 -m http.server --bind 127.0.0.1 --directory "$LAB/secrets" 8080
wait_until curl -fsSo "$LAB/noise" http://127.0.0.1:8080/ca.pem
by_cloud_init() {
  python3 -c 'import sys, yaml; print(yaml.safe_load(open(sys.argv[1]))["write_files"][0]["content"])' \
    "$EXAMPLES/cloud-init.yaml" | sed -e "s|etcd://.*/dck/prod --id ID|$PLACE --id $ID|" \
    -e 's|{"pcr_bank":"sha256","pcr_ids":"7"}|{}|' \
    -e 's|http://metadata.google.internal/.*/attributes/|http://127.0.0.1:8080/|' >"$LAB/script"
  there cloud
  exits 0 'the script of cloud-init'
}
by_cloud_init
asks cloud a.example fourth-secret
unchanged_by cloud by_cloud_init
