#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A vault that a passphrase opens, at a real terminal: asked once without echo, refused when wrong or
# empty, taken back by ^C; the terminal is left as it was found. From the background, or without a
# terminal, nothing is asked, and the error says what to do.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

# whole [WHAT]: the terminal is as it was, and shows no secret.
whole() {
  equal true "$ECHO" "echo, ${1:-}"
  [[ $SCREEN != *'correct horse'* && $SCREEN != *secret-of-ada* ]] || fail "the screen shows a secret, ${1:-}"
}

# locked: as if nobody had ever opened it, nor refused.
locked() {
  vault lock
  exits 0 'vault lock'
  forget_vault_refusals
}

# --- making one
at_terminal --answer 'correct horse' --answer 'another horse' --may-end --answer a --answer b \
  --answer c --answer d -- \
  docker-credential-keyring vault create --passphrase
((STATUS)) || fail 'created by two different passphrases'
[[ ! -e $VAULT ]] || fail 'two different passphrases made a vault'
whole 'two different passphrases'
at_terminal --answer '' --may-end -- docker-credential-keyring vault create --passphrase
((STATUS)) || fail 'created by an empty passphrase'
[[ ! -e $VAULT ]] || fail 'an empty passphrase made a vault'
at_terminal --answer 'correct horse' --press c -- docker-credential-keyring vault create
exits 130 'vault create, ^C'
whole 'vault create, ^C'
[[ ! -e $VAULT ]] || fail 'a vault in spite of ^C'
vault create --passphrase
((STATUS)) || fail 'created by a passphrase without a terminal'
[[ ! -e $VAULT ]] || fail 'a vault without a passphrase'

# At a terminal a passphrase is the default.
at_terminal --answer 'correct horse' --answer 'correct horse' -- docker-credential-keyring vault create
exits 0 'vault create'
whole 'vault create'
equal 'passphrase 3 268435456' "$(header '.slots[0] | "\(.kind) \(.params.ops) \(.params.mem)"')" 'the way'
reader_has_passphrase 'correct horse'
reads '{}'
remember
at_terminal --may-end --answer x --answer x -- docker-credential-keyring vault create
exits 1 'vault create, there is one'
unchanged 'vault create, there is one'

# --- asked once, and then open
quick_vault_with_passphrase 'correct horse' --credential a.example ada secret-of-ada
locked
call_at_terminal get a.example --expect "$PROMPT" --answer 'correct horse'
equal 0 "$STATUS" 'exit of get'
equal secret-of-ada "$(jq -r .Secret "$LAB/out")" 'the secret'
prompted_times 1 get
whole get
store b.example bob s3
has a.example ada secret-of-ada
reads '{"a.example": ["ada", "secret-of-ada"], "b.example": ["bob", "s3"]}'

# --- a store and an erase ask as well
locked
printf '%s\n' "$(credential c.example cyd s4)" >"$LAB/stdin"
call_at_terminal store "$(<"$LAB/stdin")" --answer 'correct horse'
done_silently 'store at a terminal'
whole store
locked
call_at_terminal erase c.example --answer 'correct horse'
done_silently 'erase at a terminal'
has_not c.example

# --- wrong, and then right
locked
call_at_terminal get a.example --answer wrong --answer 'correct horse ' --answer 'correct horse'
equal 0 "$STATUS" 'exit of get, right at last'
prompted_times 3 'get, right at last'
whole 'right at last'

# --- wrong three times
locked
remember
call_at_terminal get a.example --answer wrong --answer 'wrong again' --answer 'Correct horse'
failed 'get, wrong three times'
prompted_times 3 'get, wrong three times'
whole 'wrong three times'
unchanged 'wrong three times'
equal 0 "$(tickets)" 'tickets after three wrong ones'
# Whoever comes just after is not asked once more; later on he is.
not_asked_after_refusal 'get, just after a refusal'
refused_ago 3
call_at_terminal get a.example --answer 'correct horse'
equal 0 "$STATUS" 'exit of get, some time after a refusal'

# --- nothing at all is an answer that is refused
locked
call_at_terminal get a.example --answer '' --may-end --answer '' --answer ''
failed 'get, nothing typed'
unchanged 'nothing typed'

# --- ^C: it ends by the signal, as the shell expects, and leaves the terminal in order
locked
call_at_terminal get a.example --press c
exits 130 'get, ^C'
whole '^C'
unchanged '^C'
equal 0 "$(tickets)" 'tickets after ^C'
not_asked_after_refusal 'get, just after ^C'

# --- the window is closed
locked
call_at_terminal get a.example --look --hang-up
((STATUS)) || fail 'get, the window was closed: exit 0'

# --- a passphrase as long as there may be, and one that is longer
locked
long=$(printf 'p%.0s' {1..1023})
quick_vault_with_passphrase "$long" --credential a.example ada secret-of-ada
call_at_terminal get a.example --answer "$long"
equal 0 "$STATUS" 'exit of get, 1023 bytes'
strange="é 🔑 \"\\"
quick_vault_with_passphrase "$strange" --credential a.example ada secret-of-ada
locked
call_at_terminal get a.example --answer "$strange"
equal 0 "$STATUS" 'exit of get, not ASCII'

# --- from the background: not stopped, not asked
locked
call_at_terminal get a.example --background --may-end --answer 'correct horse'
hinted 'docker-credential-keyring vault unlock' 'get from the background'
equal false "$(jq .stopped "$LAB/report")" stopped
prompted_times 0 'get from the background'
whole 'the background'

# --- no terminal
call get a.example
hinted 'docker-credential-keyring vault unlock' 'get without a terminal'
call erase a.example
hinted 'docker-credential-keyring vault unlock' 'erase without a terminal'
call store "$(credential d.example dan s5)"
hinted 'docker-credential-keyring vault unlock' 'store without a terminal'
vault unlock
exits 1 'vault unlock without a terminal'

# --- what nobody stored is not asked for
locked
call_at_terminal get a.example --answer "$strange"
call list
locked
call_at_terminal get stranger.example --may-end --answer never
not_found 'get of a stranger'
prompted_times 0 'get of a stranger'

# --- never, if the user says so
locked
settings '{"prompt": "never"}'
call_at_terminal get a.example --may-end --answer "$strange"
failed 'get, prompt never'
prompted_times 0 'get, prompt never'
