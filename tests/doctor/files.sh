#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Files with logins: each fault is named, and its command fixes it.
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

start_session

# --- plaintext
config "{\"auths\":{$(login a.example ada word-one),$(login b.example bob word-two)}}"
finds plaintext-logins warning a.example b.example "$CONFIG"
mended plaintext-logins warning
has a.example ada word-one
healthy migrated

# open to others
ours "$(login c.example ada word-three)"
chmod 644 "$CONFIG"
mended config-open problem "$CONFIG"
equal 600 "$(stat -c %a "$CONFIG")" 'mode of config.json'

# what migrate left in the file stays named, as what it is, until it may replace
store c.example eve other
call list
docker-credential-keyring migrate >"$LAB/migrated" 2>&1 || true
config "{\"auths\":{$(login c.example ada word-three)},\"credsStore\":\"keyring\",\"credHelpers\":{\"c.example\":\"\"}}"
healthy 'a login that the file keeps'
mended plaintext-kept info c.example
has c.example ada word-three

# an entry of which nothing can be read, and a token that no helper can hold
ours '"d.example":{"auth":"%%%"},"e.example":{"registrytoken":"word-four"}'
finds entry-broken warning d.example
found registry-token info e.example
says_not word-four

# a login that is no UTF-8 cannot be stored, so no command is printed that would have to store it
latin=$(printf 'ada:caf\xe9' | base64)
for exempt in '' ',"credHelpers":{"d.example":""}'; do
  config "{\"auths\":{\"d.example\":{\"auth\":\"$latin\"}},\"credsStore\":\"keyring\"$exempt}"
  examine
  equal '[]' "$(jq -c '[.findings[] | select(.text | contains("d.example")) | .command | select(. != "")]' \
    "$LAB/findings")" "commands for a login that is no UTF-8$exempt"
done

# a part of a registry is stored too, and stays for those who look for it in files alone
ours "$(login k.example/team eve word-ten)"
mended plaintext-logins warning k.example/team
has k.example/team eve word-ten
found plaintext-kept info k.example/team 'a part of a registry in files alone'

# another helper answers, so docker never reads these
cp /usr/bin/docker-credential-secretservice "$LAB/bin/docker-credential-other"
config "{\"auths\":{$(login f.example ada word-five)},\"credsStore\":\"keyring\",\"credHelpers\":{\"f.example\":\"other\"}}"
mended plaintext-shadowed warning f.example other
has f.example ada word-five
healthy 'taken over from another helper'

# --- beside the file
ours
config "{\"auths\":{$(login g.example ada word-six)}}" "$CONFIG.bak"
mended plaintext-leftover warning "$CONFIG.bak"
[[ ! -e $CONFIG.bak ]] || fail 'expected the backup to be gone'
store g.example ada word-six
config "{\"auths\":{$(login g.example ada word-six)}}" "$CONFIG.docker-credential-keyring.abcdef"
mended plaintext-leftover warning migrate
healthy 'leftovers'

# --- ~/.dockercfg, which is never written: stored first, then removed
config "{$(login h.example ada word-seven)}" "$HOME/.dockercfg"
mended dockercfg-not-stored warning "$HOME/.dockercfg"
mended dockercfg-leftover warning
[[ ! -e $HOME/.dockercfg ]] || fail 'expected .dockercfg to be gone'
has h.example ada word-seven
healthy '.dockercfg'

# --- docker's snap
config "{\"auths\":{$(login i.example ada word-eight)}}" "$HOME/snap/docker/current/.docker/config.json"
healthy 'snap'
found snap-docker info snap
rm -r "$HOME/snap"

# --- docker is not told to ask us, and the store has logins
config '{"auths":{}}'
mended creds-store-unset warning "$CONFIG"
healthy 'credsStore'
config '{"credsStore":"other"}'
healthy 'another helper that works'
mended creds-store-other info other
equal keyring "$(jq -r .credsStore "$CONFIG")" 'credsStore'
config "{\"auths\":{$(login j.example ada word-nine)},\"credsStore\":\"other\"}"
mended plaintext-shadowed warning j.example
has j.example ada word-nine
healthy 'the place of another helper taken'
for name in ecr-login gcloud gcr acr-env acr-linux; do
  config "{\"credsStore\":\"$name\"}"
  ln -s "$LAB/bin/docker-credential-other" "$LAB/bin/docker-credential-$name"
  healthy "a helper that makes its tokens anew, $name"
  found creds-store-other info
  equal '' "$(field creds-store-other command)" "command for $name"
done

# --- the file itself
for text in '{"auths":' '[]' '{"auths":{},"auths":{}}' '{"auths":[]}'; do
  config "$text"
  mended config-malformed problem "$CONFIG"
  mv "$CONFIG.broken" "$LAB/aside"
done
ours
chown "$OTHER" "$CONFIG"
mended config-foreign problem "$CONFIG"
equal "$EUID" "$(stat -c %u "$CONFIG")" 'owner of config.json'
healthy 'owner'

# --- the environment
export DOCKER_AUTH_CONFIG='{"auths":{}}'
mended auth-config-overrides warning
[[ -z ${DOCKER_AUTH_CONFIG:-} ]] || fail 'expected DOCKER_AUTH_CONFIG to be unset'
healthy 'DOCKER_AUTH_CONFIG'
DOCKER_CONFIG=$HOME/elsewhere finds creds-store-unset warning "$HOME/elsewhere/config.json"

# --- names from a file go into no command, and into no terminal
config "{\"auths\":{},\"credsStore\":\"x'; touch $LAB/pwned; '\"}"
finds helper-missing problem
equal '' "$(field helper-missing command)" 'command for a name that is none'
config '{"auths":{},"credsStore":"keyring","credHelpers":{"a\u001b[2J.example":"nope"}}'
doctor
[[ $OUT != *$'\e'* ]] || fail 'expected no escape in the output'
