#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# On a machine with a keyring the kubelet is answered from it; it never makes the keyring ask anybody.
. "${BASH_SOURCE[0]%/*}/kubelet_lab.sh" || exit 1

image=nexus.example.com:8083/team/app
start_bus
answer_prompts ok
start_keyring pw1
store nexus.example.com:8083 ada s3
store quay.example/team bob t4
store token.example '<token>' an-identity-token
gets "$image" Registry nexus.example.com:8083 ada s3
gets quay.example/team/app Image quay.example/team bob t4
gets_nothing quay.example/teammate
gets_nothing token.example/app
says 'identity token'
run docker-credential-keyring kubelet --print-config
exits 0 --print-config
says 'token.example is left out'
cp "$LAB/out" "$LAB/config.yaml"
plays_kubelet "$LAB/config.yaml" "$image" token.example/app
equal '[["ada"],[]]' "$(pulls 'map(.credentials | map(.username))')" 'who pulls'

# Somebody could be asked, and is not.
forget_prompts
export DISPLAY=:99
settings '{"prompt": "always"}'
for lock in lock_warm lock_cold; do
  "$lock"
  asks "$image"
  refused locked "$lock"
  gets_nothing stranger.example/app
  prompts_are 0 "$lock"
done
run docker-credential-keyring kubelet --print-config
exits 0 '--print-config, locked'
says '"nexus.example.com:8083"'
prompts_are 0 '--print-config'

# The keyring is gone: what it is known to hold fails, the rest goes on.
stop_keyring
end_process "$BUS_PID"
asks "$image"
refused bus 'no bus'
gets_nothing stranger.example/app
