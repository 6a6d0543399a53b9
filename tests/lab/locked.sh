# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What every verb must do on a locked keyring, whatever comes of the prompt; locked_warm.sh and
# locked_cold.sh tell it for their way of locking. Sourced after lab.sh.

# lock: in the way that the story chose.
lock() {
  owned || start_keyring
  "$LOCK"
  forget_prompts
  forget_refusals
}

# While locked, what is said of servers that nobody stored: nothing is asked.
strangers_are_absent() {
  call get stranger.example
  not_found "get of an unknown server, $1"
  call erase stranger.example
  done_silently "erase of an unknown server, $1"
  prompts_are 0 "an unknown server, $1"
}

# The user unlocks: all that was asked for is done, and one prompt did it.
told_by_a_granted_prompt() {
  answer_prompts ok
  start_keyring pw1
  store known.example ada 's3 "é"'
  may_ask

  lock
  strangers_are_absent granted
  equal true "$(is_locked)" 'collection locked'
  has known.example ada 's3 "é"'
  prompts_are 1 get
  has known.example ada 's3 "é"'
  prompts_are 1 'two gets'

  lock
  store known.example bob 't4'
  prompts_are 1 store
  equal 1 "$(items server known.example)" 'items of known.example'
  has known.example bob t4

  lock
  store new.example eve u5
  prompts_are 1 'store of a new server'
  has new.example eve u5

  lock
  erase known.example
  prompts_are 1 erase
  equal 0 "$(items server known.example)" 'items of known.example'
  has_not known.example
  has new.example eve u5
  erase new.example
}

# The user does not unlock, or cannot: OUTCOME is the prompter's, or `hanging`, or `impossible`.
told_by_a_refusal() {
  local outcome=$1 answer=$1 delay=0 expected=1
  case $outcome in
  hanging) answer=ok delay=3600000 ;;
  impossible) answer=ok expected=0 ;;
  esac
  answer_prompts "$answer" "$delay"
  unlock
  if [[ $outcome == hanging ]]; then settings '{"prompt_timeout_s": 2}'; else settings '{}'; fi
  may_not_ask
  store known.example ada s3
  [[ $outcome == impossible ]] || may_ask

  lock
  strangers_are_absent "$outcome"
  refused get known.example
  refused erase known.example
  refused store "$(credential known.example bob t4)"
  refused store "$(credential new.example eve u5)"

  may_not_ask
  unlock
  has known.example ada s3
  equal 1 "$(items server known.example)" "items of known.example after $outcome"
  equal 0 "$(items server new.example)" "items of new.example after $outcome"
  erase known.example
}

# refused ACTION STDIN: an error with a hint, after as many prompts as can be.
refused() {
  forget_prompts
  forget_refusals
  call "$@"
  case $outcome in
  impossible)
    failed_locked "$1, $outcome"
    waited_at_most 4000 "$1, $outcome"
    ;;
  *) failed "$1, $outcome" ;;
  esac
  prompts_are "$expected" "$1, $outcome"
  if [[ $outcome == hanging ]]; then
    waited_at_most 6000 "$1, hanging"
    wait_until prompt_is_closed
    # gnome-keyring 42 does not survive that a prompt is dismissed while it is shown ("perform_next_unlock:
    # assertion failed"). Nothing is lost by it; elsewhere the bus starts it again.
    owned || lock
  fi
  equal true "$(is_locked)" "collection locked after $1, $outcome"
}

prompt_is_closed() { (($(closed_prompts))); }

# tell_all lock_warm|lock_cold
tell_all() {
  local outcome LOCK=$1
  start_bus
  watch_waits
  told_by_a_granted_prompt
  for outcome in bad cancel close hanging impossible; do told_by_a_refusal "$outcome"; done
}
