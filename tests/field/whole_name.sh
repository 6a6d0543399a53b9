#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A file names a helper with docker's prefix before it, as one tool's manual has it. Docker starts
# nothing then, but the helper has the logins: they are moved, and not called lost.
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

start_session
CONFIG=$HOME/.docker/config.json
mkdir "$HOME/.docker"
cat >"$LAB/bin/docker-credential-other" <<'SCRIPT'
#!/bin/sh
case $1 in
list) echo '{"z.example":"zoe"}' ;;
get) echo '{"ServerURL":"z.example","Username":"zoe","Secret":"s4"}' ;;
esac
SCRIPT
chmod 0755 "$LAB/bin/docker-credential-other"
echo '{"auths":{"z.example":{},"y.example":{}},"credsStore":"docker-credential-other","credHelpers":{"z.example":"docker-credential-other"}}' >"$CONFIG"
run docker-credential-keyring doctor --json
command=$(jq -r '[.findings[] | select(.id == "helper-missing") | .command] | unique | join(" ")' "$LAB/out")
equal 'docker-credential-keyring migrate --from docker-credential-other' "$command" doctor
eval "$command" >"$LAB/eval.log" || fail "migrate: $(clip "$LAB/eval.log")"
has z.example zoe s4
grep -q 'moved  *z.example' "$LAB/eval.log" || fail "expected z.example to be moved: $(clip "$LAB/eval.log")"
equal '{"auths":{"z.example":{},"y.example":{}},"credsStore":"keyring"}' "$(<"$CONFIG")" 'config.json'

# --- our own name, written so
echo '{"auths":{},"credsStore":"docker-credential-keyring"}' >"$CONFIG"
run docker-credential-keyring migrate --from docker-credential-keyring
exits 0 'our own name'
equal '{"auths":{},"credsStore":"keyring"}' "$(<"$CONFIG")" 'config.json'
