#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# --dry-run shows what migrate would do, with the same exit status, and changes nothing at all.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

# Everything there is below home and the runtime folder, with sizes and times.
inventory() {
  find "$HOME" "$XDG_RUNTIME_DIR" -path "$HOME/.local/share/keyrings" -prune -o \
    -printf '%p %y %m %U %s %T@ %l\n' | sort
  find "$HOME/.docker" -type f -exec sha256sum {} + | sort
}

start_session
secret-tool search docker_cli 1 2>/dev/null || true

# looks CODE [OPTION…]
looks() {
  local code=$1
  shift
  inventory >"$LAB/inventory"
  migrate --dry-run "$@"
  exits "$code" "--dry-run $*"
  inventory >"$LAB/inventory.after"
  same_file "$LAB/inventory" "$LAB/inventory.after" 'what is there after --dry-run'
}

config "{\"auths\":{$(login h.example ada secret-of-ada),$(login o.example bob secret-of-bob)}}"
looks 0
tells h.example moved ada
tells o.example moved bob
says 'would'
nothing_stored
looks 0 --json
reports '[.files[0].entries[] | [.server, .username, .action, .store] | join(",")] | join(" ")' \
  'h.example,ada,moved,keyring o.example,bob,moved,keyring'
reports '.files[0].status' migrated
nothing_stored

config "{\"auths\":{$(login h.example ada secret-of-ada),\"bad.example\":{\"auth\":\"???\"}}}"
looks 3
tells bad.example kept
looks 3 --json
reports '.files[0].status' partial

config '{"auths":{},"credsStore":"pass"}'
looks 1
looks 1 --replace
config '{"auths":{},"credsStore":"keyring"}'
looks 0
says 'nothing to do'
config '{"auths":'
looks 1
rm -rf "$HOME/.docker"
mkdir -m 0700 "$HOME/.docker"
looks 0
looks 0 --json
reports '.files[0].status' migrated

# A login in the keyring, of this helper or another, stays as it is.
config "{\"auths\":{$(login h.example ada secret-of-ada)}}"
store h.example old secret-of-old
looks 3
tells h.example kept old
looks 0 --replace
tells h.example moved
equal 'old secret-of-old' "$(stored h.example)" 'h.example in the keyring'

# Not written to, not by its time of access only.
store h.example ada secret-of-ada
looks 0
