#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The keyring's file was spoilt, and the keyring comes back without it (omarchy#9235): what it held is not
# found, and whoever asks for it learns that it had been there. One login is told of, never one that
# nobody stored.
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

gone='the login of a.example was stored, and is lost'
start_session
store a.example ada s1
stop_keyring
echo '{}' >"$HOME/.local/share/keyrings/login.keyring"
for password in '' pw1; do
  start_keyring "$password"
  has_not a.example
  says "$gone"
  has_not b.example
  says_not 'is lost'
  stop_keyring
done
start_keyring pw1
store a.example ada s2
has a.example ada s2
silent get
erase a.example
has_not a.example
silent 'get after erase'
