#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The manual: a page for each command, with the options that the program has, and the settings; as it is seen at
# 80 columns and at others. manual.py says what is wrong, and sees what is made wrong here.

MANUAL_SOURCE=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
# shellcheck source=../lab/lab.sh
. "${MANUAL_SOURCE%/package}/lab/lab.sh"

project=${MANUAL_SOURCE%/tests/package}
name=docker-credential-keyring
folder=$project/packaging/man

"$MANUAL_SOURCE/manual.py" "$HELPER" "$folder" >"$LAB/faults" || fail "$(<"$LAB/faults")"

# A row of the table may go on in a second line.
tr -d '\n' <"$project/platform/store/settings.cpp" | grep -oE '\{"[a-z_]+", [^{}]*read_into[a-z_]*<' |
  sed 's/^{"\([a-z_]*\)".*/\1/' | sort -u >"$LAB/settings"
(($(grep -c . "$LAB/settings") >= 16)) || fail "settings that were found: $(<"$LAB/settings")"
sed -n '/^\.Sh SETTINGS/,/^\.El/s/^\.It Va //p' "$folder/$name.1" | sort -u >"$LAB/documented"
same_file "$LAB/settings" "$LAB/documented" 'settings in the manual'

# refused PAGE SCRIPT TEXT: of a copy in which sed's SCRIPT changes PAGE, something is said, with TEXT in it.
refused() {
  local status=0
  rm -rf "$LAB/copy"
  cp -r "$folder" "$LAB/copy"
  sed -i "$2" "$LAB/copy/$1"
  ! cmp -s "$folder/$1" "$LAB/copy/$1" || fail "«$2» changes nothing"
  "$MANUAL_SOURCE/manual.py" "$HELPER" "$LAB/copy" "$1" >"$LAB/faults" || status=$?
  equal 1 "$status" "exit of manual.py, «$2»"
  if [[ $(<"$LAB/faults") != *"$3"* ]]; then fail "expected «$3», got «$(<"$LAB/faults")»"; fi
}
refused "$name-ls.1" '/^\.It Fl -json/d' "$name-ls.1: no item for --json"
refused "$name-ls.1" 's/^\.It Fl -json/.It Fl -xml/' '--xml is no option of the program'
refused "$name-ls.1" '/^\.Op Fl -json/d' 'the synopsis of ls has []'
refused "$name-ls.1" 's/^\.Sh EXAMPLES/.Sh NOTES/' 'no EXAMPLES'
refused "$name-ls.1" '1d' 'no licence'
refused "$name-ls.1" 's/^\.Dt .*/.Dt DOCKER-CREDENTIAL-KEYRING-LS 1/' 'the header'
refused "$name-ls.1" '/^\.It Fl -json/a docker-credential-keyring docker-credential-keyring docker-credential-keyring' \
  'is broken at the end of a line'
refused "$name-ls.1" "s/^docker-credential-keyring ls\$/& --json | jq -r '.credentials[] | .server + .username'/" \
  'longer than 80 columns'
refused "$name-ls.1" '/^\.Xr docker-credential-keyring-stores/s/stores/shops/' 'shops(7), which is no page'
refused "$name-ls.1" '/^\.El$/d' 'mandoc: '
refused "$name-vault.1" '/^\.Cm vault lock$/d' 'the synopsis'
refused "$name.1" '/^\.Xr docker-credential-keyring-run 1 ,/d' 'SEE ALSO lacks run'
refused "$name.1" '/^\.It Cm run$/d' 'COMMANDS FOR PEOPLE lacks run'
refused "$name.1" '/^\.It Cm erase$/d' "verbs of docker's"
rm "$LAB/copy/$name-run.1"
"$MANUAL_SOURCE/manual.py" "$HELPER" "$LAB/copy" "$name-ls.1" >"$LAB/faults" && fail 'a command without a page'
equal "$name-run.1: no such page" "$(<"$LAB/faults")" 'without a page'
