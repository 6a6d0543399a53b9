#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Items that a search finds and that are gone when they are looked at do no harm.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

gone='{"server": "a.example", "username": "ghost", "secret": "x", "modified": 9000, "dangling": true}'
there='{"server": "a.example", "username": "ada", "secret": "s3", "modified": 5}'
start_bus

start_fake --item "$gone" --item "$there"
has a.example ada s3
lists '{"a.example": "ada"}'
store a.example bob t4
has a.example bob t4
stop_fake

start_fake --item "$gone"
has_not a.example
lists '{}'
store a.example bob t4
has a.example bob t4
