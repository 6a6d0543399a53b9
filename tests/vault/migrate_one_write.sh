#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# migrate on a machine without a bus: twenty logins are one write of the vault and one prompt; where it
# fails, nothing was written.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

# config COUNT: docker's file with so many logins.
config() {
  mkdir -p "$HOME/.docker"
  (umask 077 && jq -cn --argjson n "$1" '{auths: ([range($n) | {
    key: "host-\(.).example",
    value: {auth: ("user-\(.):secret-\(.)-of-twenty" | @base64)}}] | from_entries)}' >"$HOME/.docker/config.json")
  cp "$HOME/.docker/config.json" "$LAB/before.json"
}
moved() {
  equal '["{}"] keyring' "$(jq -r '"\([.auths[] | tostring] | unique | tostring) \(.credsStore)"' "$HOME/.docker/config.json")" \
    config.json
  equal '[20,20]' "$(dump '.credentials | [length, ([to_entries[] | select(.value.secret == "secret-" + (.key | capture("host-(?<n>[0-9]+)").n) + "-of-twenty")] | length)]')" \
    'credentials'
  equal '{"vault":20}' "$(index '[.servers[].store] | group_by(.) | map({(.[0]): length}) | add')" 'the index'
  equal '' "$(grep -rl -- -of-twenty "$HOME" || true)" 'files with a secret'
}

quick_vault_with_key --generation 41
config 20
run docker-credential-keyring migrate
exits 0 migrate
moved
equal 42 "$(header .generation)" generation
has host-7.example user-7 secret-7-of-twenty
run docker-credential-keyring migrate
exits 0 'migrate again'
equal 42 "$(header .generation)" 'generation, nothing to do'

# --- a locked vault: one prompt
forget_vault
quick_vault_with_passphrase 'pass one' --generation 41
config 20
at_terminal --answer 'pass one' -- docker-credential-keyring migrate
exits 0 'migrate at a terminal'
prompted_times 1 migrate
moved
equal 42 "$(header .generation)" generation

# --- nobody to ask: nothing happens, and it is said what to do
vault lock
config 20
remember
run docker-credential-keyring migrate --replace
exits 1 'migrate, locked'
says 'vault unlock'
unchanged 'migrate, locked'
same_file "$LAB/before.json" "$HOME/.docker/config.json" 'config.json'

# --- a disk that fails: both files are as they were
forget_vault
quick_vault_with_key --credential z.example zoe s3
remember
ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 run strace -f -qq -o "$LAB/trace" -e 'trace=?rename,?renameat' \
  -e 'inject=?rename,?renameat:error=ENOSPC' docker-credential-keyring migrate
exits 1 'migrate, no room'
unchanged 'migrate, no room'
same_file "$LAB/before.json" "$HOME/.docker/config.json" 'config.json'
