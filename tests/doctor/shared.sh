#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Doctor on a machine that shares a vault with others: its copy, what brings that up to date, and its certificate.
. "${BASH_SOURCE[0]%/*}/../fleet/fleet_lab.sh" || exit 1
# shellcheck source=../lab/mounts.sh
. "$LAB_SOURCE/mounts.sh"
mount -t tmpfs none /run
own_etc "$LAB/etc"
rm -rf /etc/systemd/system /etc/kubernetes

begin_fleet
join_node one
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1
HOME=$LAB/one
mkdir -p "$HOME/.docker"
COPY=$(copy_of one)
examine
equal '' "$(jq -r '[.findings[] | select(.id | startswith("shared")) | .id] | join(" ")' "$LAB/findings")" 'findings'

# --- what brings it up to date
mkdir -p /run/systemd/system
finds shared-timer-missing warning
equal 'systemctl enable --now docker-credential-keyring-sync.timer' "$(field shared-timer-missing command)" 'the cure'
wants=/etc/systemd/system/timers.target.wants
mkdir -p "$wants"
ln -s /usr/lib/systemd/system/docker-credential-keyring-sync.timer "$wants/"
examine
equal '' "$(jq -r '[.findings[] | select(.id | startswith("shared")) | .id] | join(" ")' "$LAB/findings")" 'findings'

# --- a machine that only reads needs no more than that
set_on one vault_cert "$CERTS/admin.pem" vault_cert_key "$CERTS/admin.key"
finds shared-may-write warning "$PLACE"
as_user admin get "$PREFIX/vault" --print-value-only >"$LAB/there"
truncate -s -1 "$LAB/there"
same_vault "$COPY" "$LAB/there" 'what is there, after doctor tried'
reset_on one

# --- what the kubelet of this machine does not ask for
mkdir -p /etc/kubernetes
run docker-credential-keyring kubelet --print-config '*.example' >"$LAB/noise"
equal 0 "$STATUS" 'kubelet --print-config'
cp "$LAB/out" /etc/kubernetes/credential-provider.yaml
examine
equal '' "$(field kubelet-unasked text)" 'what is not asked for'
for server in reg.test:5000/team b.example; do
  INPUT=<(credential "$server" ada third-secret) on admin docker-credential-keyring store
  exits 0 "store of $server"
done
run docker-credential-keyring vault sync
exits 0 'sync that brings them'
says 'the kubelet does not ask for a login for reg.test:5000/team:' /etc/kubernetes/credential-provider.yaml
finds kubelet-unasked warning reg.test:5000/team
run docker-credential-keyring vault sync
[[ $ERR != *kubelet* ]] || fail "a sync that brings nothing says «$ERR»"
sed -i 's/"\*.example"/&\n      - reg.test:5000 # and its teams/' /etc/kubernetes/credential-provider.yaml
examine
equal '' "$(field kubelet-unasked text)" 'what is not asked for'

# --- its certificate
certificate soon node ca 5
for name in soon expired; do
  [[ $name == soon ]] || certificate expired node ca -1
  set_on one vault_cert "$CERTS/$name.pem" vault_cert_key "$CERTS/$name.key"
  examine
  reset_on one
  if [[ $name == soon ]]; then
    found shared-certificate-ends warning soon.pem 'ends in'
  else
    found shared-certificate-ends problem expired.pem 'is over'
  fi
done

# --- its age
touch -d '2 hours ago' "$COPY.place"
finds shared-unchecked warning "$PLACE"
touch -d '3 days ago' "$COPY.place"
mended shared-copy-old problem "$PLACE"

# --- what was refused, and what is not here
"$READER" make "$LAB/other" --key-file "$FLEET_KEY" --generation 9
as_user admin put "$PREFIX/vault" <"$LAB/other" >"$LAB/put.log"
run docker-credential-keyring vault sync
exits 1 'sync of another vault'
finds shared-refused problem 'it is another vault'
as_user admin put "$PREFIX/vault" <"$(copy_of admin)" >"$LAB/put.log"
rm "$COPY"
mended shared-copy-missing problem "$PLACE"
