#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packaging/setup in a clean clone, in a session with a keyring: by root, by a user through sudo, and
# under sudo, where it refuses.
. "${BASH_SOURCE[0]%/*}/setup_lab.sh" || exit 1

setup_refuses_unknown_options() {
  run_setup "$clone/packaging/setup" --no-such-option
  equal 2 "$STATUS" 'exit of setup with an option that migrate does not know'
}

case $STAGE in
root)
  fresh_machine
  start_session
  start_four_registries
  login_in_plain_text
  setup_migrates
  keep_build
  setup_has_nothing_to_do
  setup_refuses_unknown_options
  # So can an engine.
  start_engine
  for registry in "${REGISTRIES[@]}"; do docker pull "$registry/$IMAGE"; done
  stop_engine

  as_ada
  # What sudo was asked for: the installation alone, but for the call that was refused.
  mapfile -t calls < <(sed -n 's/.*COMMAND=//p' "$LAB/sudo.log" | grep -v '/packaging/setup$')
  ((${#calls[@]})) || fail 'setup did not call sudo'
  for call in "${calls[@]}"; do
    [[ $call == */cmake\ --install\ * ]] || fail "setup called sudo $call"
  done
  ;;

user)
  equal ada "$(id -un)" 'the user'
  start_session
  start_four_registries
  login_in_plain_text
  cp "$HOME/.docker/config.json" "$LAB/before.json"

  run_setup sudo --non-interactive "$clone/packaging/setup"
  equal 1 "$STATUS" 'exit of sudo setup'
  [[ $ERR == *ada*'without sudo'* ]] || fail 'sudo setup does not say why it refuses'
  [[ ! -e /usr/local/bin ]] || fail 'sudo setup installed something'
  same_file "$LAB/before.json" "$HOME/.docker/config.json" 'config.json after sudo setup'

  setup_migrates
  setup_has_nothing_to_do
  setup_refuses_unknown_options
  ;;
esac
