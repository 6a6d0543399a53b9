#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# --json: one document on stdout, whose names and values scripts may rely on.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
mkdir -m 0700 "$HOME/two" "$HOME/three" "$HOME/four"
config '{"auths":{},"credsStore":"keyring"}' "$HOME/two/config.json"
config '{"auths":{},"credsStore":"pass"}' "$HOME/three/config.json"
config "{\"auths\":{$(login ok.example kim secret-of-kim)}}" "$HOME/four/config.json"
config "{\"auths\":{$(login h.example ada secret-of-ada),\"e.example\":{},\"bad.example\":{\"auth\":\"x\"},\"q\\\"<é>\":{\"auth\":\"$(auth 'u"\<é>' secret-of-q)\"},\"\\u001b[2J\":{\"auth\":\"$(auth esc secret-of-esc)\"}}}"

for mode in --dry-run --json; do
  migrate --json "$mode" --config "$CONFIG" --config "$HOME/two" --config "$HOME/three" --config "$HOME/four"
  exits 3 "$mode"
  equal "$([[ $mode == --dry-run ]] && echo true || echo false)" "$(jq .dry_run "$LAB/out")" "dry_run, $mode"
  jq -es 'length == 1' "$LAB/out" >/dev/null || fail 'expected one JSON document on stdout'
  jq -e '
    (keys - ["drop_in"]) == ["dry_run", "files", "version"] and .version == 1 and (.files | type) == "array" and
    all(.files[];
      (keys - ["reason"]) == ["entries", "file", "status"] and
      (.file | type) == "string" and
      (.status | IN("migrated", "partial", "unchanged", "refused")) and
      all(.entries[];
        keys == ["action", "reason", "server", "store", "username"] and
        all(.[]; type == "string") and
        (.action | IN("moved", "kept", "skipped")) and
        ((.action == "moved") == (.store == "keyring")) and
        (.action != "kept" or .reason != "")))' "$LAB/out" >/dev/null ||
    fail "expected another shape: $(jq -c . "$LAB/out")"
  reports '[.files[].status] | join(" ")' 'partial unchanged refused migrated'
  reports '[.files[].file] | join(" ")' "$CONFIG $HOME/two/config.json $HOME/three/config.json $HOME/four/config.json"
  reports '[.files[0].entries[].action] | join(" ")' 'moved skipped kept moved kept'
  equal '["q\"<é>","u\"\\<é>"]' "$(jq -c '.files[0].entries[3] | [.server, .username]' "$LAB/out")" 'any text'
  # Nothing that a terminal would obey.
  ! grep -q $'\e' "$LAB/out" "$LAB/err" || fail 'an escape character is in the output'
  equal '' "$(jq -r '.files[3].reason // "" | select(. != "")' "$LAB/out")" 'reason of a migrated file'
done

# As a table too: what stands in a file does not steer the terminal.
config "{\"auths\":{\"q\\u001b[2J\\n\\r\\u009b2J.example\":{\"auth\":\"$(auth $'u\e[31m\n' secret-of-q)\"}}}"
migrate --dry-run
! grep -qP '\x1b|\r|\xc2\x9b' "$LAB/out" "$LAB/err" || fail 'a control character is in the output'
