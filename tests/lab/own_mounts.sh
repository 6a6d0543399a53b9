# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced at the top of a story, it tells that story in a mount namespace of its own. mounts.sh has what
# such a story changes there.
if [[ -z ${OWN_MOUNTS:-} ]]; then
  ((EUID == 0)) || {
    echo "${0##*/}: needs root, to mount" >&2
    exit 1
  }
  OWN_MOUNTS=1 exec unshare --mount --propagation private bash "$0"
fi
