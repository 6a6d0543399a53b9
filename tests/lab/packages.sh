# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The Debian packages that tests use; sourced by what installs them, in the project's folder.

is_installed() {
  dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

# missing_packages PACKAGE…: those, and what the build needs, that are not installed.
missing_packages() {
  local package packages
  mapfile -t packages < <(grep -v '^#' packaging/build-packages)
  for package in "${packages[@]}" "$@"; do
    is_installed "$package" || echo "$package"
  done
}

apt_log=$PWD/build/apt.log

# apt_get ARGUMENT…: also beside another one, as a fresh machine runs it for its own upgrades. What it says
# is in build/apt.log.
apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=900 "$@" >"$apt_log" 2>&1
}

# update_lists: that option does not wait for the lock on the lists of packages.
update_lists() {
  local lock=/var/lib/apt/lists/lock i
  for ((i = 0; i < 900; i++)); do
    grep -q ":$(stat -c %i "$lock" 2>/dev/null || echo none) " /proc/locks || break
    sleep 1
  done
  apt_get update || { sleep 5 && apt_get update; }
}

# install_packages PACKAGE…: as root. No package that is there already is removed, and no service is
# started: the tests start their own.
install_packages() {
  local policy=/usr/sbin/policy-rc.d status=0
  update_lists || return
  if [[ ! -e $policy ]]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 0755 "$policy"
  fi
  apt_get install -y --no-install-recommends --no-remove "$@" || status=$?
  if [[ $(trap -p EXIT) ]]; then
    rm -f "$policy"
    trap - EXIT
  fi
  return "$status"
}

# fetch_pass: into build/pass. Installed, docker would choose it as its helper by itself.
fetch_pass() {
  [[ ! -x build/pass/usr/bin/pass ]] || return 0
  rm -rf build/pass
  mkdir build/pass
  (cd build/pass && { apt_get download pass || { update_lists && apt_get download pass; }; }) &&
    dpkg -x build/pass/pass_*.deb build/pass
}
