#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Two logins for one server: stored and in the file, or in two files. None is lost unless --replace
# says so.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session

for difference in username secret; do
  forget_all
  store h.example ada secret-in-store
  if [[ $difference == username ]]; then entry=$(login h.example bob secret-in-store); else entry=$(login h.example ada secret-in-file); fi
  config "{\"auths\":{$entry}}"
  migrate --dry-run
  exits 3 "another $difference, --dry-run"
  keeps
  migrate
  exits 3 "another $difference"
  tells h.example kept --replace
  has h.example ada secret-in-store
  equal "$(jq -c .auths "$LAB/before")" "$(jq -c .auths "$CONFIG")" auths
  migrate --replace --dry-run
  exits 0 "another $difference, --replace --dry-run"
  has h.example ada secret-in-store
  migrate --replace
  exits 0 "another $difference, --replace"
  if [[ $difference == username ]]; then has h.example bob secret-in-store; else has h.example ada secret-in-file; fi
  equal 1 "$(items server h.example)" 'items of h.example'
  becomes '{"auths":{"h.example":{}},"credsStore":"keyring"}'
done

# --- stored for the host, and in the file for another spelling of it: the one that docker asks for by
# the host afterwards is the file's, or that one stays
forget_all
store h.example old secret-in-store
config "{\"auths\":{$(login https://h.example/v1/ ada secret-in-file)}}"
migrate
if ((STATUS)); then
  exits 3 'another spelling'
  tells https://h.example/v1/ kept --replace
  equal "$(jq -c .auths "$LAB/before")" "$(jq -c .auths "$CONFIG")" auths
else
  has h.example ada secret-in-file
fi

# --- two files
rm -f "$CONFIG" # with the login that had to stay
mkdir -m 0700 "$HOME/one" "$HOME/two"
write_both() {
  forget_all
  config "{\"auths\":{$(login h.example ada secret-of-one),$(login same.example kim secret-of-kim),$(login a.example a secret-of-a)}}" "$HOME/one/config.json"
  config "{\"auths\":{$(login h.example ada secret-of-two),$(login same.example kim secret-of-kim),$(login b.example b secret-of-b)}}" "$HOME/two/config.json"
}
write_both
migrate --config "$HOME/one" --config "$HOME/two" --json
exits 3 'two files that differ'
reports '[.files[] | .status] | join(" ")' 'migrated partial'
reports '[.files[1].entries[] | select(.action == "kept") | .server] | join(" ")' h.example
has h.example ada secret-of-one
has same.example kim secret-of-kim
has a.example a secret-of-a
has b.example b secret-of-b
equal "$(jq -c '.auths["h.example"]' "$LAB/before")" "$(jq -c '.auths["h.example"]' "$HOME/two/config.json")" 'entry that stays'
equal '{"h.example":""}' "$(jq -c .credHelpers "$HOME/two/config.json")" credHelpers
equal '{}' "$(jq -c '.auths["h.example"]' "$HOME/one/config.json")" 'entry that moved'

write_both
migrate --replace --config "$HOME/one" --config "$HOME/two"
exits 0 'two files that differ, --replace'
has h.example ada secret-of-two
for file in one two; do
  equal '{}' "$(jq -c '.auths["h.example"]' "$HOME/$file/config.json")" "entry in $file"
done
no_plaintext

# --- two files, the second of which cannot be read: the first stays too
write_both
cp "$HOME/one/config.json" "$LAB/before"
printf '{"auths":{' >"$HOME/two/config.json"
migrate --config "$HOME/one" --config "$HOME/two"
exits 1 'the second is malformed'
says two/config.json
keeps "$HOME/one/config.json"
nothing_stored

# --- one file given twice, also by another name
write_both
ln -s one "$HOME/alias"
migrate --config "$HOME/one" --config "$HOME/one/config.json" --config "$HOME/alias"
exits 0 'one file given twice'
has h.example ada secret-of-one
equal '{}' "$(jq -c '.auths["h.example"]' "$HOME/one/config.json")" entry
alone "$HOME/one/config.json"
