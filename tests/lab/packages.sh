# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The Debian packages that tests use; sourced by what installs them, in the project's folder.

. packaging/apt.sh

as_root() { "$@"; }

# missing_packages PACKAGE…: those, and what the build needs, that are not installed.
missing_packages() {
  local package packages
  mapfile -t packages < <(build_packages .)
  for package in "${packages[@]}" "$@"; do
    is_installed "$package" || echo "$package"
  done
}

apt_log=$PWD/build/apt.log

# install_packages PACKAGE…: as root. No package that is there already is removed, and no service is
# started: the tests start their own. What apt-get says is in build/apt.log.
install_packages() {
  local policy=/usr/sbin/policy-rc.d status=0
  update_lists >"$apt_log" 2>&1 || return
  if [[ ! -e $policy ]]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 0755 "$policy"
  fi
  apt_get install -y --no-install-recommends --no-remove "$@" >"$apt_log" 2>&1 || status=$?
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
  (cd build/pass && { apt_get download pass || { update_lists && apt_get download pass; }; }) >"$apt_log" 2>&1 &&
    dpkg -x build/pass/pass_*.deb build/pass
}
