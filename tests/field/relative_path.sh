#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Where PATH begins with the folder at hand, docker finds the helper there and refuses to start it:
# migrate does not tell docker to ask it, and doctor has the PATH that works.
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

start_session
CONFIG=$HOME/.docker/config.json
text='{"auths":{"reg.example":{"auth":"YWRhOnMz"}}}'
whole=$PATH
mkdir "$HOME/.docker" "$HOME/here"
cp "$HELPER" "$HOME/here/docker-credential-keyring"
cd "$HOME/here"

# docker_complains: it cannot start the helper.
docker_complains() {
  docker_asks_us
  docker logout >"$LAB/logout.log" 2>&1
  grep -q 'relative to current directory' "$LAB/logout.log"
}

for path in ".:$whole" ":$whole" "../here:$whole"; do
  PATH=$path
  docker_complains || fail "expected docker to refuse what $PATH has"
  printf %s "$text" >"$CONFIG"
  run docker-credential-keyring migrate
  exits 1 migrate
  says 'docker starts nothing from there' 'nothing was changed'
  equal "$text" "$(<"$CONFIG")" 'config.json'

  docker_asks_us
  run docker-credential-keyring doctor --json
  equal problem "$(jq -r '.findings[] | select(.id == "helper-not-on-path") | .severity' "$LAB/out")" doctor
  eval "$(jq -r '.findings[] | select(.id == "helper-not-on-path") | .command' "$LAB/out")"
  equal "$whole" "$PATH" 'the PATH that doctor has'
  ! docker_complains || fail 'expected docker to start the helper'
done

# --- another helper that is found so: its logins are moved all the same
cat >docker-credential-other <<'SCRIPT'
#!/bin/sh
case $1 in
list) echo '{"z.example":"zoe"}' ;;
get) echo '{"ServerURL":"z.example","Username":"zoe","Secret":"s4"}' ;;
esac
SCRIPT
chmod 0755 docker-credential-other
echo '{"auths":{"z.example":{}},"credsStore":"other"}' >"$CONFIG"
PATH=$whole:.
run docker-credential-keyring doctor --json
equal helper-dead "$(jq -r '[.findings[] | select(.severity == "problem") | .id] | join(" ")' "$LAB/out")" doctor
eval "$(jq -r '.findings[] | select(.id == "helper-dead") | .command' "$LAB/out")" >"$LAB/eval.log"
has z.example zoe s4
equal '{"auths":{"z.example":{}},"credsStore":"keyring"}' "$(<"$CONFIG")" 'config.json'
