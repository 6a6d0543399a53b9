#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A locked vault at home: whoever sits there is told for what and by whom before the question, the far side waits for
# the answer, and a question without one keeps home quiet for a while. What home fails at is an error at the far side.
# shellcheck disable=SC2031
. "${BASH_SOURCE[0]%/*}/forward_lab.sh" || exit 1

make_vault_with_passphrase word-one
at_terminal --answer word-one -- docker-credential-keyring vault unlock --for 1h
store reg.example ada secret-of-ada
vault lock
exits 0 'vault lock'
forget_vault_refusals

# At home somebody sits before the forward: answers once, and the second time does not.
mkdir "$LAB/home.sits"
: >"$LAB/home.sits/ids"
again=$LAB/again refused=$LAB/refused
(
  # shellcheck disable=SC2030,SC2031 # for it alone
  LAB=$LAB/home.sits
  at_terminal --answer word-one --await "$again" --answer '' --touch "$refused" \
    -- docker-credential-keyring forward reg.example --for 1h
) &
home=$!
wait_until test -S "$SOCKET"

# call_far NAME: a get at the far side, in the background; its answer is in $LAB/NAME.
call_far() {
  (at_far && exec docker-credential-keyring get <<<"${2:-reg.example}" >"$LAB/$1" 2>"$LAB/$1.err") &
  FAR=$!
}
call_far first
wait "$FAR" || fail "a get that waits for an answer: $(<"$LAB/first") $(<"$LAB/first.err")"
jq -e '.Secret == "secret-of-ada"' "$LAB/first" >"$LAB/verdict"
call_far stranger other.example
! wait "$FAR" || fail 'a stranger is answered'
equal "$NOT_FOUND" "$(<"$LAB/stranger")" 'a stranger'

vault lock
exits 0 'vault lock'
touch "$again"
call_far second
! wait "$FAR" || fail 'a question that was refused has an answer'
grep -q "the vault's passphrase was asked for and not given" "$LAB/second" || fail "refused: $(<"$LAB/second")"
wait_until test -e "$refused"
refused_ago 100 # so that it is the forward that does not ask
call_far third
! wait "$FAR" || fail 'a get while nobody is asked'
grep -q 'nobody is asked before 20' "$LAB/third" || fail "nobody is asked: $(<"$LAB/third")"
call_far stranger other.example
! wait "$FAR" || fail 'a stranger is answered'
equal "$NOT_FOUND" "$(<"$LAB/stranger")" 'a stranger while nobody is asked'

# By somebody at home it is unlocked all the same, and that is enough.
at_terminal --answer word-one -- docker-credential-keyring vault unlock --for 1h
call_far fourth
wait "$FAR" || fail "unlocked at home: $(<"$LAB/fourth")"
run docker-credential-keyring forward --stop
wait "$home"
screen=$(<"$LAB/home.sits/screen")
equal 2 "$(grep -oF "$PROMPT" <<<"$screen" | wc -l)" 'prompts of a forward with three gets while it was locked'
[[ $screen == *'asked through the forward by uid 0, docker-credenti'*', for "reg.example"'*"$PROMPT"* ]] ||
  fail "before the question: $screen"
