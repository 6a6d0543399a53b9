# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Roots: folders with a Debian of their own, made by debootstrap, in which packages are built and tried. Sourced by
# packaging/release and tests/systems/run, in the project's folder, by root.

home_in_root=/root
root_archives=${ROOT_ARCHIVES:-$PWD/build/roots}

# Where this machine's own packages come from.
debian_mirror() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Label: Debian' | sort -u | sed -n 1p
}

# archive_of SUITE: a minimal root, packed once.
archive_of() {
  local suite=$1 archive=$root_archives/$1.tar folder
  if [[ ! -e $archive ]]; then
    mkdir -p "$root_archives"
    folder=$(mktemp -d "$root_archives/$suite.XXXXXX")
    debootstrap --variant=minbase "$suite" "$folder" "$(debian_mirror)" >"$root_archives/$suite.log" 2>&1 || {
      tail -n 5 "$root_archives/$suite.log" >&2
      rm -rf --one-file-system "$folder"
      return 1
    }
    tar -C "$folder" -cf "$archive.new" .
    rm -rf --one-file-system "$folder"
    mv "$archive.new" "$archive"
  fi
  echo "$archive"
}

# new_root SUITE FOLDER: a fresh one, with nothing of this machine but how names are looked up.
new_root() {
  local archive
  archive=$(archive_of "$1")
  mkdir -p "$2"
  tar -C "$2" -xf "$archive"
  chmod 0755 "$2"
  echo force-unsafe-io >"$2/etc/dpkg/dpkg.cfg.d/unsafe-io" # nothing of it has to outlive a power cut
  cp -L /etc/resolv.conf "$2/etc/"
  printf '#!/bin/sh\nexit 101\n' >"$2/usr/sbin/policy-rc.d"
  chmod 0755 "$2/usr/sbin/policy-rc.d"
}

# in_root FOLDER COMMAND…: by root, in mount and PID namespaces of its own, so that nothing of it is left; with an
# environment of its own. Its root is the folder itself: in a mere chroot nobody may make a user namespace.
in_root() {
  local folder=$1
  shift
  # shellcheck disable=SC2016
  unshare --mount --pid --fork --kill-child --propagation private bash -c '
    set -e
    mount --bind "$1" "$1"
    cd "$1"
    mount -t proc proc proc
    mount --rbind /sys sys
    mount --rbind /dev dev
    mount -t tmpfs -o mode=0755 tmpfs run
    pivot_root . .
    umount --lazy .
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME="$2" LC_ALL=C.UTF-8 \
      DEBIAN_FRONTEND=noninteractive "${@:3}"' \
    in_root "$folder" "$home_in_root" "$@"
}

# install_in_root FOLDER PACKAGE-OR-FILE…: with nothing that is merely recommended.
install_in_root() {
  local folder=$1
  shift
  in_root "$folder" sh -c 'apt-get -q update && apt-get -q install -y --no-install-recommends "$@"' apt "$@"
}

# arm64_in_root FOLDER PROJECT: what packaging/arm64.cmake wants there, by the project's debian/control in that root.
arm64_in_root() {
  # shellcheck disable=SC2016
  in_root "$1" sh -e -c 'dpkg --add-architecture arm64
    apt-get -q update
    apt-get -q install -y --no-install-recommends build-essential crossbuild-essential-arm64 qemu-user-static python3
    cd "$0" && apt-get -q build-dep -y --no-install-recommends --host-architecture arm64 .' "$2"
}

# tried SYSTEM WHAT: a row of packaging/support.md, of today.
tried() {
  local table=packaging/support.md text
  text=$(sed '/^|---/q' "$table" && sed '1,/^|---/d' "$table" | awk -v row="| $1 | $2 |" -v day="$(date +%F)" '
    index($0, row) != 1 { print } END { print row, day " |" }' | LC_ALL=C sort)
  printf '%s\n' "$text" >"$table"
}

# is_committed: what is built is what a commit has. That table is written meanwhile.
is_committed() {
  local changes
  changes=$(git status --porcelain -- . ':!packaging/support.md') && [[ -z $changes ]]
}

# run_parts PART…: those of the caller's `parts`, which are functions; without arguments all of them. They have a folder,
# $work, which goes at the end. Stops at the first that fails.
run_parts() {
  local part
  ((EUID == 0)) || die 'run this as root: it makes roots of other systems'
  is_committed || die 'there are changes that no commit has'
  # shellcheck disable=SC2154 # the caller's
  (($#)) || set -- "${parts[@]}"
  for part; do [[ " ${parts[*]} " == *" $part "* ]] || die "there is no part $part; there are ${parts[*]}"; done
  work=$(mktemp -d)
  trap 'rm -rf --one-file-system "$work"' EXIT
  for part; do
    printf '== %s\n' "$part"
    "$part"
  done
}
