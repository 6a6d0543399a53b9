#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# sudo … doctor is about root's account: it says so, and its commands work in the shell of whoever typed
# it.
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

((EUID == 0)) || fail 'expected to run as root, as sudo does it'
start_session
ours "$(login a.example ada word-one)"
chmod 0644 "$CONFIG"
finds config-open problem "$CONFIG"
equal "chmod 600 $CONFIG" "$(field config-open command)" 'without sudo'
equal '' "$ERR" 'stderr without sudo'
SUDO_USER=ada finds config-open problem "$CONFIG"
equal "sudo chmod 600 $CONFIG" "$(field config-open command)" 'with sudo'
equal 'sudo docker-credential-keyring migrate' "$(field plaintext-logins command)" 'with sudo'
says "root's account" "ada's"

# More than one command is for one shell of root's; sudo is played by what starts what it is given.
printf '#!/bin/sh\nexec "$@"\n' >"$LAB/bin/sudo"
chmod 0755 "$LAB/bin/sudo"
ours
printf '{"credsStore":"keyring"}' | iconv -t UTF-16 >"$LAB/utf16"
cp "$LAB/utf16" "$CONFIG"
chmod 0600 "$CONFIG"
SUDO_USER=ada mended config-malformed problem
equal 600 "$(stat -c %a "$CONFIG")" 'mode of the file'
