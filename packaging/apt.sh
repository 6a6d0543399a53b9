# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# apt-get for a machine that may run its own upgrades at the same time; sourced by packaging/setup and the
# tests, which define as_root(): how a command is run by root.

is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null) =~ (^|$'\n')installed($|$'\n') ]]
}

# build_depends PROJECT: what debian/control asks for, as "PACKAGE" or "PACKAGE OLDEST-VERSION", without what only
# packaging and tests need.
build_depends() {
  sed -n '/^Build-Depends:/,/^Standards/s/^ \([a-z0-9+.-]*\)\( (>= \([^)]*\))\)\{0,1\}.*/\1 \3/p' "$1/debian/control" |
    grep -vE '^(debhelper-compat|doctest-dev) '
}

# build_packages PROJECT: what the program needs to be built.
build_packages() { build_depends "$1" | cut -d' ' -f1; }

# too_old_packages PROJECT: a line for each of those that this system has only older, as far as apt knows.
too_old_packages() {
  local -A oldest=()
  local package version
  while read -r package version; do
    [[ -z $version ]] || oldest[$package]=$version
  done < <(build_depends "$1")
  LC_ALL=C apt-cache policy "${!oldest[@]}" |
    awk '/^[^ ]+:$/ { sub(/:.*/, ""); name = $0 } $1 == "Candidate:" && $2 !~ /^\(/ { print name, $2 }' |
    while read -r package version; do
      dpkg --compare-versions "$version" ge "${oldest[$package]}" ||
        echo "$package is $version here, and ${oldest[$package]} is needed"
    done
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
