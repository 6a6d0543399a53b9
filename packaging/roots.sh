# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Roots: folders with a Debian of their own, made by debootstrap, in which packages are built and tried. Sourced by
# packaging/release and tests/systems/run, in the project's folder, by root.

root_archives=${ROOT_ARCHIVES:-$PWD/build/roots}

# Where this machine's own packages come from.
debian_mirror() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | sort -u | sed -n 1p
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
  cp -L /etc/resolv.conf "$2/etc/"
  printf '#!/bin/sh\nexit 101\n' >"$2/usr/sbin/policy-rc.d"
  chmod 0755 "$2/usr/sbin/policy-rc.d"
}

# in_root FOLDER COMMAND…: by root, in mount and PID namespaces of its own, so that nothing of it is left; with an
# environment of its own. What lies in /source of the root is the project, if it was put there.
in_root() {
  local folder=$1
  shift
  # shellcheck disable=SC2016
  unshare --mount --pid --fork --kill-child --propagation private bash -c '
    set -e
    mount --bind "$1" "$1"
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    mount -t tmpfs tmpfs "$1/run"
    exec chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
      DEBIAN_FRONTEND=noninteractive "${@:2}"' in_root "$folder" "$@"
}

# install_in_root FOLDER PACKAGE-OR-FILE…: with nothing that is merely recommended.
install_in_root() {
  local folder=$1
  shift
  in_root "$folder" sh -c 'apt-get -q update && apt-get -q install -y --no-install-recommends "$@"' apt "$@"
}
