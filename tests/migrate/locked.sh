#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A locked keyring: one question for all logins; where it is refused or cannot be asked, nothing
# happens.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

shopt -s extglob
start_bus
watch_waits
entries=
for i in {1..30}; do entries+=${entries:+,}$(login "h$i.example" "user$i" "secret-of-$i"); done
text="{\"auths\":{$entries}}"

# lock WAY: locked_warm or locked_cold, with some of the logins in the keyring already.
lock() {
  forget_all
  may_not_ask
  config "$text"
  store h7.example user7 secret-of-7
  store h8.example old8 secret-of-8
  "$1"
  forget_prompts
  forget_refusals
}

for way in lock_warm lock_cold; do
  answer_prompts ok
  if [[ -n ${KEYRING_PID:-} ]]; then stop_keyring; fi
  start_keyring pw1
  lock "$way"
  may_ask
  migrate --replace
  exits 0 "$way"
  prompts_are 1 "30 logins, $way"
  equal 30 "$(items docker_cli 1)" "items, $way"
  equal '["{}"]' "$(jq -c '[.auths[] | tostring] | unique' "$CONFIG")" entries
  has h1.example user1 secret-of-1
  has h8.example user8 secret-of-8
  no_plaintext
done

for answer in bad cancel close hanging impossible; do
  answer_prompts "${answer//@(hanging|impossible)/ok}" "$([[ $answer == hanging ]] && echo 3600000 || echo 0)"
  stop_keyring
  start_keyring pw1
  lock lock_warm
  if [[ $answer == hanging ]]; then settings '{"prompt_timeout_s": 2}'; else settings '{}'; fi
  [[ $answer == impossible ]] || may_ask
  migrate --replace
  refused "$answer"
  cured "$answer"
  waited_at_most 15000 "$answer"
  equal "$([[ $answer == impossible ]] && echo 0 || echo 1)" "$(prompts)" "prompts, $answer"
  # gnome-keyring 42 ends itself when a question on the screen is taken back.
  [[ $answer == hanging ]] || equal true "$(is_locked)" "locked, $answer"
  may_not_ask
  unlock
  equal 2 "$(items docker_cli 1)" "items, $answer"
  equal 'old8 secret-of-8' "$(stored h8.example)" "h8.example, $answer"
done
