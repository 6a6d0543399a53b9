#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# restore gives each login back into the file that it came from, as the index has it: a file of
# podman's family too. What lay in the runtime folder goes where it outlives the session; what is of no
# known file, into config.json.
. "${BASH_SOURCE[0]%/*}/../migrate/migrate_lab.sh" || exit 1

start_session
restore() { run docker-credential-keyring restore "$@"; }
logins_in() { jq -cS '.auths | map_values(.auth // "" | @base64d)' "$1"; }

# --- each into its own
mkdir -p "$HOME/other" "${LASTING_FILE%/*}"
config "{\"auths\":{$(login w.example wim secret-of-wim)}}" "$HOME/other/config.json"
auth_file "{\"auths\":{$(login l.example lea secret-of-lea)}}" "$LASTING_FILE"
config "{\"auths\":{$(login d.example dan secret-of-dan)}}"
migrate
exits 0 migrate
migrate --config "$HOME/other"
exits 0 'migrate --config'
no_plaintext
store n.example nan secret-of-nan
restore --yes
exits 0 'each into its own'
equal '{"d.example":"dan:secret-of-dan","n.example":"nan:secret-of-nan"}' "$(logins_in "$CONFIG")" config.json
equal '{"l.example":"lea:secret-of-lea"}' "$(logins_in "$LASTING_FILE")" auth.json
equal '{"w.example":"wim:secret-of-wim"}' "$(logins_in "$HOME/other/config.json")" 'the other config.json'
equal null "$(jq -c .credsStore "$CONFIG")" credsStore
equal null "$(jq -c .credsStore "$HOME/other/config.json")" 'credsStore of the other config.json'
asks_nobody
finds l.example lea

# --- and there again, with a newer password; one of them alone
migrate
migrate --config "$HOME/other/config.json"
no_plaintext
store l.example lea newer-of-lea
restore --yes L.EXAMPLE
exits 0 'one of them'
tells l.example restored
equal '{"l.example":"lea:newer-of-lea"}' "$(logins_in "$LASTING_FILE")" auth.json
equal keyring "$(jq -r .credsStore "$CONFIG")" credsStore
equal '{"d.example":"","n.example":""}' "$(logins_in "$CONFIG")" config.json

# --- docker was logged in there as well: both have it
config "{\"auths\":{$(login l.example lea newer-of-lea)}}"
migrate
restore --yes l.example
exits 0 'two files'
equal '{"l.example":"lea:newer-of-lea"}' "$(logins_in "$CONFIG")" config.json
equal '{"l.example":"lea:newer-of-lea"}' "$(logins_in "$LASTING_FILE")" auth.json

# --- --config overrides, with an auth.json too
auth_file '{"auths":{}}' "$HOME/auth.json"
restore --yes --config "$HOME/auth.json" d.example w.example
exits 0 --config
equal '{"d.example":"dan:secret-of-dan","w.example":"wim:secret-of-wim"}' "$(logins_in "$HOME/auth.json")" --config

# --- a runtime folder goes at logout
auth_file "{\"auths\":{$(login r.example ria secret-of-ria)}}"
rm "$LASTING_FILE"
migrate
exits 0 'a runtime folder'
restore --yes r.example
exits 0 'from a runtime folder'
tells r.example restored "$AUTH_FILE" 'at logout'
equal '{"r.example":"ria:secret-of-ria"}' "$(logins_in "$LASTING_FILE")" 'the lasting auth.json'
equal '{}' "$(logins_in "$AUTH_FILE")" "the runtime folder's"

# --- the folder that one came from is gone, and nobody makes it anew
rm -r "$HOME/other"
restore --yes w.example
exits 0 'a folder that is gone'
[[ ! -e $HOME/other ]] || fail 'the folder was made anew'
equal wim:secret-of-wim "$(jq -r '.auths["w.example"].auth|@base64d' "$CONFIG")" w.example

# --- one file cannot be written: none is
config "{\"auths\":{},\"credsStore\":\"keyring\"}"
rm -f "$LASTING_FILE"
mkdir "$LASTING_FILE"
restore --yes
exits 1 'one file cannot be written'
keeps
says "$LASTING_FILE"
rmdir "$LASTING_FILE"
