#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What cannot move from another helper stays there, is named with the reason, and docker goes on asking
# that helper for it; the rest moves. Each place where config.json names the helper is looked after.
. "${BASH_SOURCE[0]%/*}/from_lab.sh" || exit 1

start_session
use_pass
settings '{"prompt_timeout_s": 10}'

# gpg_file SERVER: where pass keeps its login.
gpg_file() {
  echo "$PASSWORD_STORE_DIR/docker-credential-helpers/$(printf %s "$1" | base64 -w0 | tr +/ -_)/"*.gpg
}

# --- one that gpg cannot read, one whose password is empty, one that the keyring has otherwise
put_into pass ok.example ada secret-of-ada
put_into pass bad.example bob secret-of-bob
put_into pass other.example eve secret-of-eve
credential empty.example kim '' | docker-credential-pass store
# shellcheck disable=SC2046 # one name
cp /etc/hostname $(gpg_file bad.example)
store other.example old secret-before
config '{"auths":{"ok.example":{}},"credsStore":"pass"}'
migrate --from pass --erase-source
exits 3 'some stay'
tells ok.example moved 'erased from docker-credential-pass'
tells bad.example kept 'docker-credential-pass get' gpg
tells empty.example kept 'password is empty'
tells other.example kept 'holds another login' --replace
becomes '{"auths":{"ok.example":{}},"credsStore":"keyring","credHelpers":{"bad.example":"pass","empty.example":"pass","other.example":"pass"}}'
has ok.example ada secret-of-ada
has other.example old secret-before
equal '["bad.example","empty.example","other.example"]' "$(docker-credential-pass list | jq -c keys)" 'left in pass'
migrate --json --from pass
exits 3 'some stay, again'
reports '.files[] | .status' $'unchanged\npartial'
reports '[.files[1].entries[].action] | unique | join(" ")' kept

# --- later they can
put_into pass bad.example bob secret-of-bob
rm -r "$(dirname "$(gpg_file empty.example)")"
migrate --from pass --replace --erase-source
exits 0 'all can move now'
becomes '{"auths":{"ok.example":{}},"credsStore":"keyring"}'
has bad.example bob secret-of-bob
has other.example eve secret-of-eve
holds_in pass 0

# --- none can: nothing is changed
forget_all
put_into pass bad.example bob secret-of-bob
# shellcheck disable=SC2046
cp /etc/hostname $(gpg_file bad.example)
config '{"auths":{},"credsStore":"pass"}'
migrate --from pass
refused 'none can be read'
says 'docker-credential-pass get' 'hint' 'GPG_TTY'
nothing_stored
put_into pass bad.example bob secret-of-bob
store bad.example old secret-before
migrate --from pass --erase-source
exits 3 'the only one stays'
tells bad.example kept --replace
keeps
holds_in pass 1

# --- a login in the file that docker does not see is no reason to lose either
forget_all
config "{\"auths\":{$(login bad.example old secret-in-the-file),$(login new.example kim secret-of-kim)},\"credsStore\":\"pass\"}"
migrate --from pass
exits 3 'another login in the file'
equal 1 "$(grep -c '^  moved *bad.example' "$LAB/out")" 'lines that say that it moved'
equal 1 "$(grep -c '^  kept *bad.example .*docker-credential-pass has another login' "$LAB/out")" 'lines that say that it stays'
has bad.example bob secret-of-bob
has new.example kim secret-of-kim
equal "$(jq -c '.auths["bad.example"]' "$LAB/before")" "$(jq -c '.auths["bad.example"]' "$CONFIG")" 'entry'
equal '{"auths":{"bad.example":{},"new.example":{}},"credsStore":"keyring"}' \
  "$(jq -c '.auths["bad.example"] = {}' "$CONFIG")" 'all the rest'

# --- single servers, where a third helper has the rest
forget_all
put_into pass a.example ada secret-of-ada
put_into pass token.example '<token>' identity-of-dan
config '{"credsStore":"secretservice","credHelpers":{"a.example":"pass","b.example":"ecr-login"}}'
migrate --from pass
exits 0 'a third helper for the rest'
tells a.example moved
becomes '{"credsStore":"secretservice","credHelpers":{"a.example":"keyring","b.example":"ecr-login"}}'
has a.example ada secret-of-ada
has token.example '<token>' identity-of-dan

# --- several files
forget_all
mkdir -m 0700 "$HOME/two"
config '{"credHelpers":{"a.example":"pass"}}' "$HOME/two/config.json"
config '{"credsStore":"pass"}'
migrate --from pass --config "$CONFIG" --config "$HOME/two" --erase-source
exits 0 'two files'
becomes '{"credsStore":"keyring"}'
becomes '{"credsStore":"keyring"}' "$HOME/two/config.json"
holds_in pass 0
has a.example ada secret-of-ada
no_plaintext
