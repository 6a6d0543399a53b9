#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# pages.sh [write]: what people read of each command, at a real terminal, as it stands in pages/: all first
# pages at 80 columns, and the five that are read most at 42, 120, in colour and in the locale C; with names in
# scripts of all widths. A change of words is a change there, made by `write`.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

project=${LAB_SOURCE%/tests/lab}
pages=$project/tests/people/pages
program=docker-credential-keyring
# pages_of [COMMAND…]: its help, and that of the commands that it lists.
pages_of() {
  local command commands
  first+=("$program${*:+ $*} --help")
  mapfile -t commands < <("$program" "$@" --help | sed -n '/^Commands/,/^$/s/^  \([a-z]\+\) .*/\1/p')
  for command in "${commands[@]}"; do pages_of "$@" "$command"; done
}
first=()
pages_of
((${#first[@]} >= 22)) || fail "pages that were found: ${first[*]}"
most_read=("$program --help" "$program migrate" "$program ls" "$program doctor" "$program vault status")

# The machine of the last session is gone; a config.json as docker leaves it, and a vault with a key file.
first_day() {
  rm -rf "$HOME" && mkdir -m 0700 "$HOME" "$HOME/.docker"
  local auth
  auth=$(printf 'ada:correct-horse' | base64)
  jq -n --arg a "$auth" --arg z "$(printf '王小明:correct-horse' | base64)" --arg r "$(printf 'عدا:correct-horse' | base64)" \
    --arg m "$(printf 'zoë-🐳:correct-horse' | base64)" '{auths: {"nexus.example.com:8083": {auth: $a},
      "镜像仓库.例子.cn": {auth: $z}, "سجل.example": {auth: $r}, "cafe\u0301.example": {auth: $m},
      "a-registry-with-a-rather-long-name.team.internal.example.com:8443": {auth: $a}}}' >"$HOME/.docker/config.json"
}

# session NAME COLUMNS VARIABLES COMMAND…: the screen, less what differs from day to day.
session() {
  local steps=() line
  for line in "export $3 && $program vault create --label server --key-file key 2>first" "${@:4}" exit; do
    steps+=(--expect '$ ' --type "$line")
  done
  first_day
  python3 "$LAB_SOURCE/at_terminal.py" --in tty --columns "$2" --screen "$LAB/screen" "${steps[@]}" -- \
    unshare --user --map-root-user --mount bash "$project/packaging/picture/own_machine" "$EUID" ||
    fail "the session failed: $(clip "$LAB/screen")"
  rm -rf "$LAB/machine"
  tr -d '\r' <"$LAB/screen" | sed -E -e '0,/vault create/d' -e '/^created /d' -e '/^\$ exit$/,$d' -e 's/\x1b/^[/g' \
    -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}/2026-01-15 09:30/g' -e 's/\b[0-9a-f]{8}\b/1a2b3c4d/g' -e 's/^id [0-9a-f]{32}/id 1a2b3c4d/' \
    -e 's/20[0-9]{2}-[0-9-]{5}$/2026-01-15/; s/^( +)[0-9]{2}:[0-9]{2}$/\109:30/; s/20[0-9]{2}-\.\.\.[0-9]:[0-9]{2}/2026-...9:30/; s|/tmp/dck\.\w{6}|/tmp/dck.XXXXXX|' \
    >"$LAB/$1.txt"
}

session first-80 80 NO_COLOR=1 "${first[@]}"
session plain-80 80 NO_COLOR=1 "${most_read[@]}"
session plain-42 42 NO_COLOR=1 "${most_read[@]}"
session plain-120 120 NO_COLOR=1 "${most_read[@]}"
session colour-80 80 TERM=xterm-256color "${most_read[@]}"
session c-80 80 'NO_COLOR=1 LC_ALL=C' "${most_read[@]}"
for name in first-80 plain-80 plain-42 plain-120 colour-80 c-80; do
  if [[ ${1:-} == write ]]; then cp "$LAB/$name.txt" "$pages/"; fi
  differences=$(diff -U 1 "$pages/$name.txt" "$LAB/$name.txt") ||
    fail "$(printf '%s\n' "tests/people/pages.sh write makes pages/$name.txt anew, if this is what is meant:" "$differences")"
done

# --- no line is wider than its terminal, save where a path or a command is, which are copied whole
for name in first-80 plain-80 plain-42 plain-120; do
  python3 - "$LAB/$name.txt" "${name#*-}" <<'END' >"$LAB/wide" || fail "wider than the terminal in $name: $(<"$LAB/wide")"
import sys, unicodedata
width, wide = int(sys.argv[2]), False
for line in open(sys.argv[1], encoding="utf-8").read().splitlines():
    columns = sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
    if columns > width and "/" not in line and "docker-credential-keyring " not in line:
        wide = True
        print(columns, line)
sys.exit(wide)
END
done
