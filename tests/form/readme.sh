#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# README.md and its translation are one document, and readme.py sees where they are not: a section, a
# command, a row or a number that only one of them has, a link that leads nowhere, contents that lack a
# section.
set -euo pipefail
cd "$SOURCE_DIR"
LAB=$(mktemp -d)
trap 'rm -rf "$LAB"' EXIT

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# refused FILE EDIT WORDS: what readme.py says of a copy, in which sed does EDIT to FILE, has WORDS in it.
refused() {
  local said status=0
  cp --remove-destination README.md README.zh-CN.md "$LAB"
  sed -i "$2" "$LAB/$1"
  ! cmp -s "$1" "$LAB/$1" || fail "$1 has nothing for $2"
  said=$(tests/form/readme.py "$LAB") || status=$?
  ((status == 1)) || fail "$2: status $status"
  [[ $said == *"$3"* ]] || fail "$2: expected: $3, and got: $said"
}

tests/form/readme.py || fail 'the READMEs do not belong together'

# A story follows each recipe.
while read -r recipe; do
  grep -rqE "(follows?|script_of|recipe) $recipe\b" tests --include='*.sh' ||
    fail "no story follows the recipe $recipe"
done < <(sed -n 's/^<!-- recipe: \(.*\) -->$/\1/p' README.md)

# What they link to is there.
ln -s "$PWD"/* "$LAB"

refused README.zh-CN.md 's/^## 开发.*//' 'README.zh-CN.md: its sections are'
refused README.md 's/^### CI$/## CI/' 'README.zh-CN.md: its sections are'
refused README.zh-CN.md 's/^docker-credential-keyring doctor$/& --json/' "'docker-credential-keyring doctor --json'"
refused README.zh-CN.md '/^<!-- recipe: passwd -->$/d' "('passwd', 'sh', "
refused README.zh-CN.md 's/^\(# .*\)--image-credential-provider-bin-dir/\1--bin-dir/' "'--bin-dir="
refused README.zh-CN.md '0,/^| .get.，/{//d}' 'README.zh-CN.md: its tables have'
refused README.zh-CN.md 's/30 秒/40 秒/' "README.zh-CN.md: below CI without ['30'], with ['40']"
refused README.zh-CN.md 's/.--round-trip. 还会/还会/' "without ['--round-trip']"
refused README.zh-CN.md 's/(SECURITY.md)/(SECRECY.md)/' 'README.zh-CN.md: no file SECRECY.md'
refused README.zh-CN.md '/picture.svg/d' "links without ['packaging/picture/picture.svg']"
refused README.zh-CN.md 's/(#证书)/(#证)/' 'README.zh-CN.md: no section #证'
refused README.zh-CN.md 's/\[开发\](#开发)//' 'README.zh-CN.md: its contents lack 开发'
refused README.md 's/\[develop\](#develop)//' 'README.md: its contents lack Develop'
refused README.zh-CN.md '/^.English/d' 'README.zh-CN.md: no link to the other'
