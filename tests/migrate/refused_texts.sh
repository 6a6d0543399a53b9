#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A file that docker would not write is refused untouched, and nothing of it is shown or stored.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_bus
start_fake

entry=$(login h.example ada secret-of-ada)
texts=(
  "{\"auths\":{$entry}" "{\"auths\":{$entry},}" "{\"auths\":{$entry,}}" "[{\"auths\":{$entry}}]"
  $'\xef\xbb\xbf'"{\"auths\":{$entry}}" "{\"auths\":{$entry,$entry}}"
  "{\"auths\":{$entry},\"auths\":{}}" "{\"auths\":{$entry},\"Auths\":{}}"
  "{\"auths\":{$entry},\"credsStore\":\"\",\"credsStore\":\"keyring\"}"
  "{'auths':{$entry}}" "{\"auths\":{$entry}} {}" "{\"auths\":{$entry}}x" "// mine
{\"auths\":{$entry}}" "{\"auths\":[{$entry}]}" "{\"auths\":{$entry},\"credHelpers\":[]}"
  "{\"auths\":{$entry},\"credsStore\":7}" "\"secret-of-ada\"" "{\"auths\":{$entry},\"x\":\"secret-of-ada"
  "{\"auths\":{$entry},\"x\":$(printf '[%.0s' {1..100000})" "{\"auths\":{$entry},\"x\":\"$(printf '\xff')\"}"
)
for text in "${texts[@]}"; do
  config "$text"
  migrate
  refused "«${text:0:60}»"
  says config.json
  equal 1 "$(wc -l <"$LAB/err")" 'lines on stderr'
done
for option in --json --replace --dry-run; do
  migrate "$option"
  refused "$option"
done

# NUL is no white space.
printf '{"auths":{%s}}\0' "$entry" >"$CONFIG"
cp "$CONFIG" "$LAB/before"
migrate
refused 'a NUL at the end'

calls_are 0 Collection.CreateItem
calls_are 0 Item.Delete
