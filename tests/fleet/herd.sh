#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A fleet of NODES: each syncs, and answers docker and its kubelet, eight at a time, while a member of the etcd dies,
# then two, and they come back. Every answer is right, no sync fails where somebody can answer, and no copy is damaged.
. "${BASH_SOURCE[0]%/*}/fleet_lab.sh" || exit 1

NODES=${NODES:-40}
begin_fleet
join_node first
mkdir "$LAB/nodes"
for ((n = 0; n < NODES; n++)); do cp -rp "$LAB/first" "$LAB/nodes/$n"; done

# What one node does in a round: its sync's exit status, and the answers.
cat >"$LAB/round" <<'END'
HOME=$LAB/nodes/$2
status=0
timeout -k 5 "$LIMIT" docker-credential-keyring vault sync >"$HOME/sync.out" 2>&1 || status=$?
image='{"kind":"CredentialProviderRequest","apiVersion":"credentialprovider.kubelet.k8s.io/v1","image":"a.example/app"}'
{
  echo "sync $status"
  echo a.example | docker-credential-keyring get
  docker-credential-keyring kubelet <<<"$image"
} >"$HOME/$1" 2>>"$HOME/errors"
END
export LIMIT

# round NAME SECRET [STATUS]: all nodes; each has that secret then, after a sync of that status.
round() {
  seq 0 $((NODES - 1)) | xargs -P 8 -n 1 bash "$LAB/round" "$1"
  local line
  for line in "sync ${3:-0}" "\"Secret\":\"$2\"" "\"password\":\"$2\""; do
    equal "$NODES" "$(awk -v line="$line" 'index($0, line) { count++ } END { print count + 0 }' "$LAB"/nodes/*/"$1")" \
      "nodes that have «$line», in the round $1"
  done
}

round all old-secret
kill_member 0
login admin a.example ada third-secret
round one-dead third-secret
kill_member 1
kill_member 2
round all-dead third-secret 1
for i in 0 1 2; do start_member "$i" existing; done
wait_until as_user admin get "$PREFIX/vault" --keys-only
login admin a.example ada fourth-secret
round healed fourth-secret
for ((n = 0; n < NODES; n++)); do same_vault "$(copy_of admin)" "$(copy_of "nodes/$n")" "the copy of node $n"; done
