#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The main job: four logins that docker left in config.json move into the keyring, and go on working.
. "${BASH_SOURCE[0]%/*}/lab/registry.sh" || exit 1
: "${HELPER:?the program under test}"

start_session
start_four_registries

# --- four logins in plain text, made by docker itself, in a config.json that is a symbolic link
mkdir "$HOME/.docker" "$HOME/dotfiles"
config=$HOME/.docker/config.json
ln -s "$HOME/dotfiles/config.json" "$config"
login_in_plain_text

# What the user wrote into the file beside them, in a layout of their own.
# shellcheck disable=SC2016
own='  "x-mine" : [ 1.50, 1e3,"\u00e9\/<é>" ],   "detachKeys": "ctrl-e,e",'
sed -i --follow-symlinks "1s|\$|\n${own//\\/\\\\}|" "$config"
jq empty "$config"
chmod 0640 "$config"
cp "$config" "$LAB/before.json"

# migrate [OPTION…]: its exit status, stdout and stderr as after `call`.
# shellcheck disable=SC2034 # read by lab.sh
migrate() {
  LAST_CALL="migrate $*" STATUS=0
  timeout -k 5 "$LIMIT" docker-credential-keyring migrate "$@" \
    </dev/null >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  read_answer
  local secret
  for secret in "${SECRETS[@]}"; do
    [[ $OUT$ERR != *"$secret"* ]] || fail "migrate $* prints a secret"
  done
}

# --- first look, then do
migrate --dry-run
equal 0 "$STATUS" 'exit of migrate --dry-run'
for i in 0 1 2 3; do
  [[ $OUT == *"${REGISTRIES[i]}"* && $OUT == *"${USERS[i]}"* ]] ||
    fail "the plan does not name ${USERS[i]} at ${REGISTRIES[i]}"
done
same_file "$LAB/before.json" "$config" 'config.json after --dry-run'
lists '{}'

migrate
equal 0 "$STATUS" 'exit of migrate'
all_are_migrated

# --- every byte that is no login is still there
[[ -L $config ]] || fail 'config.json is no symlink any more'
equal 640 "$(stat -Lc %a "$config")" 'mode of config.json'
equal "$(jq -S '.auths[] = {} | .credsStore = "keyring"' "$LAB/before.json")" \
  "$(jq -S . "$config")" 'content of config.json'
grep -qxF -- "$own" "$config" || fail 'the line that the user wrote has changed'
equal "$(tail -c1 "$LAB/before.json" | od -An -c)" "$(tail -c1 "$config" | od -An -c)" 'last byte'
# No other line went or changed than those of the logins.
mapfile -t lost < <(diff "$LAB/before.json" "$config" | sed -n 's/^< *//p' |
  grep -vE '^[[:space:]]*"(127\.0\.0\.1|localhost):|"auth":|"identitytoken":|^[[:space:]]*[]}]+,?$' || true)
equal '' "${lost[*]}" 'lines of config.json that are lost'

# --- once more: nothing to do
cp "$config" "$LAB/after.json"
migrate
equal 0 "$STATUS" 'exit of the second migrate'
[[ ${OUT,,}${ERR,,} == *'nothing to'* ]] || fail 'the second migrate does not say "nothing to do"'
migrate --json
equal 0 "$STATUS" 'exit of migrate --json'
equal '"unchanged"' "$(jq '.files[].status' "$LAB/out")" 'status of the file'
same_file "$LAB/after.json" "$config" 'config.json after the second migrate'

# --- docker goes on with it: out, and in again without plain text
docker logout "${REGISTRIES[0]}"
has_not "${REGISTRIES[0]}"
pulls_not "${REGISTRIES[0]}"
login "${REGISTRIES[0]}" "${USERS[0]}" "${SECRETS[0]}"
! grep -qi unencrypted "$LAB/docker.out" "$LAB/docker.err" || fail 'plain text after migrate'
pulls "${REGISTRIES[0]}"
has "${REGISTRIES[0]}" "${USERS[0]}" "${SECRETS[0]}"
no_trace "${SECRETS[@]}" "$TOKEN_PASSWORD"
