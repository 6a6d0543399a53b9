#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A service without a default collection (alias `/`): it is made where the service can, else that is said.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_bus
without() { start_fake --no-collection --create "$@"; }

without plain
has_not a.example
erase a.example
lists '{}'
calls_are 0 Service.CreateCollection
store a.example ada s3
has a.example ada s3
calls_are 1 Service.CreateCollection
stop_fake

may_ask
without prompt
store a.example ada s3
has a.example ada s3
calls_are 1 Prompt.Prompt
stop_fake

# refused_store WHAT: fails with advice; nothing is there afterwards, and "not found" is still said.
refused_store() {
  forget_refusals
  call store "$(credential b.example ada s3)"
  failed "store, $1"
  [[ $OUT != *aliases* && $OUT != *'does not exist'* ]] || fail "expected words for people, got «$OUT»"
  equal 0 "$(fake_items length)" "items, $1"
}
without prompt --prompt dismissed
refused_store 'creating dismissed'
stop_fake

settings '{"prompt_timeout_s": 1}'
without prompt --prompt hanging
watch_waits
refused_store 'creating hangs'
waited_at_most 6000 'store, creating hangs'
watch_no_waits
settings '{}'
calls_are 1 Prompt.Dismiss
stop_fake

without refused
refused_store 'creating refused'
[[ $OUT == *'no default collection'* ]] || fail 'expected the missing collection to be named'
stop_fake

may_not_ask
without prompt
refused_store 'nobody to ask'
[[ $OUT == *'no default collection'* ]] || fail 'expected the missing collection to be named'
calls_are 0 Prompt.Prompt
stop_fake

# gnome-keyring, the first time, in a session that nobody unlocked: no collection, nobody to ask.
forget_refusals
answer_prompts ok
start_keyring
has_not c.example
erase c.example
call list
equal 0 "$STATUS" 'exit of list'
call store "$(credential c.example ada s3)"
failed 'store, no collection and nobody to ask'
[[ $OUT == *'no default collection'* ]] || fail 'expected the missing collection to be named'
prompts_are 0
stop_keyring

# Somebody chooses a password for the new one. Of 200 that are chosen, gnome-keyring itself loses about
# one on its way from the dialog, says so in its log alone, and to us that the prompt was dismissed.
readonly LOST="couldn't create new collection: Cannot import an invalid key"
rm -rf "$HOME/.local/share/keyrings"
may_ask
start_keyring
while :; do
  forget_refusals
  forget_prompts
  : >"$LAB/keyring.log"
  call store "$(credential c.example ada s3)"
  prompts_are 1
  grep -qF "$LOST" "$LAB/keyring.log" || break
  failed 'store, password lost'
done
done_silently 'store, password chosen'
has c.example ada s3
prompts_are 1
