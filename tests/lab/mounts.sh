# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# For stories in a mount namespace of their own.

# cover FOLDER BY: FOLDER is BY from here on, a folder, or an empty one in memory where BY is `nothing`.
# This checkout, wherever it lies, stays where it is.
cover() {
  local checkout over=(--bind "$2")
  checkout=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd -P)
  [[ $2 != nothing ]] || over=(-t tmpfs -o mode=1777 nothing)
  if [[ $checkout == "$1"/* ]]; then
    mount --bind "$checkout" /mnt
    mount "${over[@]}" "$1"
    mkdir -p "$checkout"
    mount --move /mnt "$checkout"
  else
    mount "${over[@]}" "$1"
  fi
}

# own_etc FOLDER: /etc is a copy of itself from here on, in FOLDER.
own_etc() {
  cp -a /etc "$1"
  mount --bind "$1" /etc
}
