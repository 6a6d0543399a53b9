#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gnome-keyring denies a first call once in some thousand times, as a method that it has not. Docker
# learns nothing of it, whatever it asks.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_bus
start_fake --deny-first
store a.example ada s3
has a.example ada s3
has_not stranger.example
lists '{"a.example": "ada"}'
erase a.example
has_not a.example
(($(grep -c '^Service.SearchItems error=UnknownMethod$' "$LAB/calls") >= 6)) || fail 'nothing was denied'
