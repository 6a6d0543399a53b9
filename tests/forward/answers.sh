#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is forwarded is answered at the far side, in every spelling, and nothing else; nothing of it is written down
# there; and what the far side has of its own stays its own.
. "${BASH_SOURCE[0]%/*}/forward_lab.sh" || exit 1

make_vault_with_key
store reg.example:5000 ada secret-of-ada
store other.example bob secret-of-bob
store https://index.docker.io/v1/ hub secret-of-hub
store https://index.docker.io/v1/access-token hub secret-token
forward reg.example:5000 docker.io other.example/team --for 1h
grep -qF 'that of other.example, which answers for it here, is not forwarded' "$LAB/forward.log" ||
  fail "what has no login of its own: $(<"$LAB/forward.log")"

at_far
for server in reg.example:5000 https://reg.example:5000/v2/ REG.example:5000 reg.example:5000/team/app; do
  has "$server" ada secret-of-ada
done
has docker.io hub secret-of-hub
for server in other.example other.example/team reg.example reg.example:5001 http.example \
  https://index.docker.io/v1/access-token; do
  has_not "$server"
  silent "get of $server"
done
lists '{"reg.example:5000": "ada", "https://index.docker.io/v1/": "hub"}'
logged 'uid 0, docker-credenti' 'given: "reg.example:5000"' 'not served: "other.example"'
run docker-credential-keyring ls
exits 0 ls
grep -qE '^reg\.example:5000 +ada +store at home' "$LAB/out" || fail "ls: $OUT"
# docker is told to ask, although no login could be moved anywhere.
mkdir "$HOME/.docker"
echo '{}' >"$HOME/.docker/config.json"
run docker-credential-keyring migrate
exits 0 'migrate where home alone answers'
equal keyring "$(jq -r .credsStore "$HOME/.docker/config.json")" 'whom docker asks'
run docker-credential-keyring doctor
exits 0 'doctor where home alone answers'
no_secret() {
  ! grep -rlE 'secret-|c2VjcmV0' "$FAR_FOLDER" "$LAB/far.run" "$LAB/forward.log" || fail "a secret lies in these, $1"
}
no_secret 'after gets'

# --- a change is home's to allow
call erase reg.example:5000
failed 'erase of what home answers for'
[[ $OUT == *'home still answers for'*--allow-store* ]] || fail "what home does not allow: $OUT"
call store "$(credential reg.example:5000 eve new)"
failed 'a login with no store of its own'

# --- the far side's own login counts before home's, and its end is the far side's alone
vault create --key-file "$FAR_FOLDER/key"
exits 0 'vault create at the far side'
store reg.example:5000 eve own-secret
[[ $ERR == *'so a store of this machine is tried'* ]] || fail "where it went: $ERR"
has reg.example:5000 eve own-secret
run docker-credential-keyring export reg.example:5000
exits 0 'export of the own stores'
says "$(printf 'eve:own-secret' | base64)"
says_not "$(printf 'ada:secret-of-ada' | base64)"
call erase reg.example:5000
failed 'erase while home answers'
has reg.example:5000 ada secret-of-ada
store mine.example eve own-secret
has mine.example eve own-secret
no_secret 'after changes'
at_home
has_not mine.example

# --- with home's leave
run docker-credential-keyring forward --stop
exits 0 'forward --stop'
forward_ends 0
[[ ! -e $SOCKET ]] || fail 'the socket is still there'
forward reg.example:5000 --for 1h --allow-store
at_far
store reg.example:5000 eve new-secret
has reg.example:5000 eve new-secret
at_home
has reg.example:5000 eve new-secret
at_far
store other.example eve far-secret
erase reg.example:5000
has_not reg.example:5000
at_home
has_not reg.example:5000
has other.example bob secret-of-bob
logged 'stored at home: "reg.example:5000"' 'erased at home: "reg.example:5000'

# --- home alone, and no home at all
at_far
export DOCKER_CREDENTIAL_KEYRING_STORE=forward
has_not other.example
call store "$(credential other.example eve s)"
failed 'a store into a home that does not forward it'
run docker-credential-keyring export other.example
exits 1 'export of no store'
[[ $ERR == *'works on the stores of this machine'* ]] || fail "export with home alone: $ERR"
export DOCKER_CREDENTIAL_KEYRING_STORE=vault
has other.example eve far-secret
unset DOCKER_CREDENTIAL_KEYRING_STORE

# --- home that is gone has nothing; where it answered before, that is said
at_home
store reg.example:5000 ada secret-of-ada
at_far
has reg.example:5000 ada secret-of-ada
kill -KILL "$FORWARD_PID"
forward_ends 137
has_not reg.example:5000
[[ $ERR == *'home answered for reg.example:5000 before, and does not now'* ]] || fail "home is gone: $ERR"
call erase reg.example:5000
failed 'erase of what home had, and may still have'
[[ $ERR == *'home does not answer, and had this login'* ]] || fail "erase without home: $ERR"
has_not stranger.example
silent 'a stranger'
run docker-credential-keyring ls
grep -qE '^reg\.example:5000 .*out of reach' "$LAB/out" || fail "ls without home: $OUT"
