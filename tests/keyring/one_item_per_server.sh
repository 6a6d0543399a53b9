#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A server has one credential: whatever stood there before, older or by another user name, gives way.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_session

# Two items of one server, as docker-credential-secretservice leaves them.
two_users() {
  reference store "$(credential "$1" alice old)"
  next_second
  reference store "$(credential "$1" bob new)"
  equal 2 "$(items server "$1")" "items of $1"
}

two_users a.example
has a.example bob new
lists '{"a.example": "bob"}'
store a.example carol newest
equal 1 "$(items server a.example)" 'items after a store'
has a.example carol newest

# The one that was stored first is the newer one when it was changed last.
two_users b.example
next_second
reference store "$(credential b.example alice changed)"
has b.example alice changed
store b.example alice again
equal 1 "$(items server b.example)" 'items after a store'
has b.example alice again

two_users c.example
erase c.example
equal 0 "$(items server c.example)" 'items after an erase'
has_not c.example

# An empty secret is no credential.
store a.example carol ''
has_not a.example
lists '{"b.example": "alice"}'
