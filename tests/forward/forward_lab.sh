# shellcheck shell=bash disable=SC2034 # read by the stories
# SPDX-License-Identifier: MIT
# What the stories of `forward` have besides vault_lab.sh: home, which is the story's own HOME with a vault in it, and a
# far side on the same machine, which has another.

FORWARD=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
# shellcheck source=../vault/vault_lab.sh
. "$FORWARD/../vault/vault_lab.sh" || exit 1

HOME_FOLDER=$HOME
FAR_FOLDER=$LAB/far
SOCKET=$XDG_RUNTIME_DIR/docker-credential-keyring/forward/socket
mkdir -m 0700 "$FAR_FOLDER" "$LAB/far.run"

# forward ARGUMENT…: a forward at home, which answers when this returns; $FORWARD_PID is its id, and what it logs is
# in $LAB/forward.log.
forward() {
  : >"$LAB/forward.log"
  start forward env HOME="$HOME_FOLDER" docker-credential-keyring forward "$@"
  FORWARD_PID=$STARTED
  wait_until forward_has_begun
  kill -0 "$FORWARD_PID" || fail "forward $*: $(<"$LAB/forward.log")"
}
forward_has_begun() { grep -q ' answers for ' "$LAB/forward.log" || ! kill -0 "$FORWARD_PID"; }

# forward_ends CODE: by itself.
forward_ends() {
  local status=0
  wait "$FORWARD_PID" || status=$?
  equal "$1" "$status" 'exit of the forward'
}

# logged TEXT…: each stands in a line of the forward's log. What it says comes after the answer.
logged() {
  local text
  for text; do wait_until grep -qF -- "$text" "$LAB/forward.log"; done
}

# at_far, at_home: where calls are made from here on. at_far_of SOCKET: with another socket.
at_far() { at_far_of "$SOCKET"; }
at_far_of() {
  export HOME=$FAR_FOLDER XDG_RUNTIME_DIR=$LAB/far.run DOCKER_CREDENTIAL_KEYRING_SOCKET=$1
}
at_home() {
  export HOME=$HOME_FOLDER XDG_RUNTIME_DIR=$LAB/run
  unset DOCKER_CREDENTIAL_KEYRING_SOCKET
}
