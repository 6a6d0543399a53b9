#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# When a prompt is allowed, and what comes of each: granted, dismissed in two dialects, hanging, gone.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

item='{"server": "a.example", "username": "ada", "secret": "s3"}'
start_bus
watch_waits

locked_with() {
  forget_refusals
  start_fake --locked --item "$item" "$@"
}

# asks COUNT [NAME=VALUE…]: get makes so many prompts in this environment.
asks() {
  local count=$1
  shift
  locked_with
  STATUS=0
  env "$@" timeout -k 5 "$LIMIT" "${WATCH[@]}" docker-credential-keyring get <<<a.example >"$LAB/out" 2>"$LAB/err" ||
    STATUS=$?
  LAST_CALL="get with $*"
  read_answer
  if ((count)); then equal s3 "$(jq -r .Secret <"$LAB/out")" secret; else failed_locked get; fi
  calls_are "$count" Prompt.Prompt
  stop_fake
}

asks 0 NO=display
asks 1 DISPLAY=:1
asks 1 WAYLAND_DISPLAY=wayland-0
asks 0 DISPLAY= WAYLAND_DISPLAY=
asks 0 DISPLAY=:1 SSH_CONNECTION='192.0.2.1 1 192.0.2.2 22'
asks 0 DISPLAY=:1 SSH_CLIENT='192.0.2.1 1 22'
asks 0 DISPLAY=:1 SSH_TTY=/dev/pts/0
settings '{"prompt": "always"}'
asks 1 NO=display
asks 1 SSH_TTY=/dev/pts/0
settings '{"prompt": "never"}'
asks 0 DISPLAY=:1
settings '{"prompt": "auto"}'
asks 1 DISPLAY=:1
settings '{"prompt": 3, "prompt_timeout_s": "x"'
asks 1 DISPLAY=:1
rm -f "$HOME/.config/docker-credential-keyring/settings.json"

may_ask
locked_with
has a.example ada s3
has a.example ada s3
calls_are 1 Prompt.Prompt
stop_fake

for dialect in list text; do
  locked_with --prompt dismissed --dismissal "$dialect"
  call get a.example
  failed "get, dismissed with a $dialect"
  [[ $OUT == *'dialog could not be shown (DISPLAY='*') or was closed'* ]] || fail "what is told of a dialog: $OUT"
  waited_at_most 4000 "get, dismissed with a $dialect"
  calls_are 1 Prompt.Prompt
  stop_fake
done

# Hanging: it ends within the limit, and the dialog is taken down.
settings '{"prompt_timeout_s": 2}'
for action in get erase; do
  locked_with --prompt hanging
  call "$action" a.example
  failed "$action, hanging"
  waited_at_most 5000 "$action"
  calls_are 1 Prompt.Prompt
  calls_are 1 Prompt.Dismiss
  equal 1 "$(fake_items length)" items
  stop_fake
done

locked_with --prompt none
call get a.example
broke 'get, no such prompt'
waited_at_most 5000 'get, no such prompt'
stop_fake

prompted() { (($(calls Prompt.Prompt))); }
settings '{}'

# Killed while the dialog is up, it leaves nothing that stops the next one.
locked_with --prompt hanging
"$HELPER" get <<<a.example >"$LAB/out" 2>"$LAB/err" &
helper=$!
wait_until prompted
kill -KILL "$helper"
wait "$helper" 2>/dev/null || true
stop_fake
locked_with
has a.example ada s3
stop_fake

# The service that dies takes its dialog along: nobody waits for an answer any more.
for action in get erase; do
  locked_with --prompt hanging
  docker-credential-keyring "$action" <<<a.example >"$LAB/out" 2>"$LAB/err" &
  helper=$!
  wait_until prompted
  kill -KILL "$FAKE_PID"
  stop_fake 2>/dev/null
  STATUS=0
  wait "$helper" || STATUS=$?
  LAST_CALL="$action, whose keyring dies"
  read_answer
  failed "$LAST_CALL"
  [[ $OUT == *'the keyring ended while it was to ask'* ]] || fail "what is told of a keyring that died: $OUT"
done
