# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The Debian package of a finished build of the release preset, $BUILD_DIR; sourced by stories that install it.

# make_deb: in $LAB/deb, by debian/rules. Its folder is a copy, for debhelper writes into it.
make_deb() {
  mkdir -p "$LAB/deb/source"
  cp -r "${LAB_SOURCE%/tests/lab}"/{debian,packaging} "$LAB/deb/source/"
  (cd "$LAB/deb/source" && BUILD=$BUILD_DIR DEB_BUILD_OPTIONS=nocheck debian/rules binary) >"$LAB/deb/log" 2>&1 ||
    fail "debian/rules: $(tail -c 1000 "$LAB/deb/log")"
}
