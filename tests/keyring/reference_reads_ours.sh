#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docker-credential-secretservice reads, lists, replaces and erases what we stored.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_session
store hub.example ada 's3 "é" <&>'
store https://index.docker.io/v1/ '<token>' t4

reference get hub.example
equal 0 "$STATUS" 'exit'
equal "$(credential hub.example ada 's3 "é" <&>')" "$(jq -c . <"$LAB/out")" 'its get'
reference get https://index.docker.io/v1/
equal "$(credential https://index.docker.io/v1/ '<token>' t4)" "$(jq -c . <"$LAB/out")" 'its get'

# It prints labels in place of servers, and a build gets each that it lists.
reference list
equal 0 "$STATUS" 'exit'
equal '{"https://index.docker.io/v1/":"<token>","hub.example":"ada"}' "$(jq -cS . <"$LAB/out")" 'its list'

reference store "$(credential hub.example ada changed)"
has hub.example ada changed
equal 1 "$(items server hub.example)" 'items after its store'

reference erase hub.example
equal 0 "$STATUS" 'exit'
has_not hub.example
lists '{"https://index.docker.io/v1/": "<token>"}'
