#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Items of other programs are neither read nor listed nor removed, however much they look like ours.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_session

foreign() { printf %s "$1" | timeout -k 5 "$LIMIT" secret-tool store --label='not docker' "${@:2}"; }
# The plain one first: gnome-keyring lets an item replace those that have all its attributes and more.
foreign two server reg.example username ada
foreign one server reg.example username ada xdg:schema org.example.Other docker_cli 1
foreign three server reg.example username ada label 'Docker Credentials' xdg:schema io.docker.Other docker_cli 1

check_foreign() {
  equal 3 "$(items server reg.example username ada)" 'items of other programs'
  equal one "$(secret-tool lookup server reg.example xdg:schema org.example.Other)"
  equal three "$(secret-tool lookup server reg.example xdg:schema io.docker.Other)"
}

has_not reg.example
lists '{}'
erase reg.example
check_foreign
store reg.example bob ours
has reg.example bob ours
lists '{"reg.example": "bob"}'
check_foreign
erase reg.example
has_not reg.example
check_foreign

# Nor are they when the keyring is locked, where their schema cannot be relied on: one prompt tells.
answer_prompts ok
stop_keyring
start_keyring pw1
may_ask
lock_warm
has_not reg.example
erase reg.example
at_most 1 "$(prompts)" prompts
unlock
check_foreign
