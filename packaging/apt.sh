# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# apt-get for a machine that may run its own upgrades at the same time; sourced by packaging/setup and the
# tests, which say in as_root() how a command becomes root's.

is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null) =~ (^|$'\n')installed($|$'\n') ]]
}

# build_packages PROJECT: what the program needs to be built, by the project's debian/control, less what makes and tests
# a package of it.
build_packages() {
  echo g++
  sed -n '/^Build-Depends:/,/^Standards/s/^ \([a-z0-9+.-]*\)[^a-z0-9+.-].*/\1/p' "$1/debian/control" |
    grep -vxE 'debhelper-compat|doctest-dev'
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=900 -o Acquire::Retries=3 "$@"
}

# update_lists: the time-out of that option is not for the lock on the lists of packages.
update_lists() {
  local lock=/var/lib/apt/lists/lock i
  for ((i = 0; i < 900; i++)); do
    grep -q ":$(stat -c %i "$lock" 2>/dev/null || echo none) " /proc/locks || break
    sleep 1
  done
  apt_get update
}
