#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Root also learns of the files in which a node's own services find logins. They lie where they really
# lie, in a mount namespace of the story.
. "${BASH_SOURCE[0]%/*}/../lab/own_mounts.sh" || exit 1
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

mkdir "$LAB/etc"
cp -a /etc/. "$LAB/etc"
mount --bind "$LAB/etc" /etc
mount -t tmpfs none /var/lib
rm -rf /etc/containerd /etc/rancher /etc/crio

ours
start_session
healthy 'no node'

# node_file FILE TEXT READER: it holds a login, and others can read it.
node_file() {
  config "$2" "$1"
  finds node-file-plaintext info "$1" "$3"
  finds_not node-file-open
  chmod 644 "$1"
  mended node-file-open problem "$1"
  equal 600 "$(stat -c %a "$1")" "mode of $1"
  healthy "$1"
  config "$4" "$1"
  finds_not node-file-plaintext
  rm "$1"
}
printf '%s\n' word-one >>"$LAB/secrets"
node_file /var/lib/kubelet/config.json "{\"auths\":{$(login a.example ada word-one)}}" kubelet \
  '{"auths":{}}'
node_file /etc/containerd/config.toml '[plugins."io.containerd.grpc.v1.cri".registry.configs."a.example".auth]
  username = "ada"
  password = "word-one"' containerd 'version = 2
  # password = "none"'
node_file /etc/rancher/k3s/registries.yaml 'configs:
  "a.example:5000":
    auth:
      username: ada
      password: word-one' k3s 'mirrors:
  a.example:
    endpoint: ["https://b.example"]'
node_file /etc/rancher/rke2/registries.yaml \
  'configs: {"a.example:5000": {auth: {username: ada, password: word-one}}}' RKE2 'mirrors: {}'
config 'global_auth_file = "/etc/crio/other.json"' /etc/crio/crio.conf
config 'global_auth_file = "/etc/crio/auth.json"' /etc/crio/crio.conf.d/10-auth.conf
node_file /etc/crio/auth.json "{\"auths\":{$(login a.example ada word-one)}}" CRI-O '{"auths":{}}'
healthy 'none left'
