#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The rooms are as they are drawn, and house.py sees what is not: an include that the list does not
# allow, a private header elsewhere, a library's header in a room that does not link it, a circle, a
# file and a folder too large.
set -euo pipefail
cd "$SOURCE_DIR"
LAB=$(mktemp -d)
trap 'rm -rf "$LAB"' EXIT

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# with FILE TEXT: a copy of the sources, in which TEXT is added to FILE.
with() {
  rm -rf "$LAB/copy"
  mkdir "$LAB/copy"
  cp -R helper platform "$LAB/copy"
  printf '%s\n' "$2" >>"$LAB/copy/$1"
}

# refused WORDS…: house.py says exactly one thing of the copy, with these words in it.
refused() {
  local said status=0
  said=$(tests/form/house.py "$LAB/copy") || status=$?
  ((status == 1)) || fail "$*: status $status"
  [[ $said != *$'\n'* && $said == *"$*"* ]] || fail "expected: $*, and got: $said"
}

tests/form/house.py || fail 'the house is not as it is drawn'

with helper/protocol/protocol.h '#include "helper/cli/report.h"'
refused 'helper/protocol/protocol.h includes helper/cli/report.h, which helper_protocol may not'
with helper/files/docker_config.cpp '#include "platform/system/child.h"'
refused 'helper/files/docker_config.cpp includes platform/system/child.h'
with platform/open_store.cpp '#include "platform/keyring/view.h"'
refused 'platform/open_store.cpp includes platform/keyring/view.h, which is private to platform/keyring'
with helper/main.cpp '#include "platform/system/child.h"'
refused 'helper/main.cpp includes platform/system/child.h'
with platform/system/file.cpp '#include "platform/vault/format/format.h"'
refused 'platform/system/file.cpp includes platform/vault/format/format.h, which platform_system may not'
with platform/store/store.h '#include "helper/text/json_text.h"'
refused 'platform/store/store.h includes helper/text/json_text.h'
with helper/servers/spellings.cpp '#include <libsecret/secret.h>'
refused 'does not link libsecret_headers'
with helper/CMakeLists.txt 'add_room(helper circle FILES none.cpp USES helper_circle)'
refused 'a circle: helper_circle -> helper_circle'
with helper/main.cpp "$(printf '//\n%.0s' {1..361})"
refused 'helper/main.cpp has'
with helper/main.cpp ''
mkdir "$LAB/copy/helper/many"
touch "$LAB/copy/helper/many/"{1..17}.cpp
refused 'helper/many holds 17 files; 16 are the most'
