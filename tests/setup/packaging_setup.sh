#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packaging/setup in a clean clone: by root, by a user through sudo, and under sudo, where it refuses.
# It installs to /usr/local, for an account and a sudoers file made for it: all of these, and the
# clone, lie in a mount namespace of the story, and go with it. The user's turn finds the build that
# root's turn made.
set -euo pipefail

here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
unset HELPER

if [[ -z ${STAGE:-} ]]; then
  ((EUID == 0)) || {
    echo 'setup.sh: needs root, to make a mount namespace' >&2
    exit 1
  }
  export DOCKER=${DOCKER:-$(type -P docker)}
  STAGE=root exec unshare --mount --propagation private "$here/packaging_setup.sh"
fi

. "$here/../e2e/lab/registry.sh"
clone=/home/ada/clone

# run_setup COMMAND…: its exit status, stdout and stderr as after `call`.
# shellcheck disable=SC2034 # read by lab.sh
run_setup() {
  LAST_CALL=$* STATUS=0
  timeout -k 5 600 "$@" </dev/null >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  OUT=$(<"$LAB/out")
  ERR=$(<"$LAB/err")
}

# The turn of whoever runs this: four logins in plain text before, none after, all of use.
setup_migrates() {
  local installed=/usr/local/bin/docker-credential-keyring secret
  run_setup "$clone/packaging/setup"
  equal 0 "$STATUS" 'exit of setup'
  equal '755 root' "$(stat -c '%a %U' "$installed")" 'mode and owner of the program'
  ln -s "$installed" "$LAB/bin/"
  for secret in "${SECRETS[@]}"; do
    [[ $OUT$ERR != *"$secret"* ]] || fail 'setup prints a secret'
  done
  all_are_migrated

  cp "$HOME/.docker/config.json" "$LAB/after.json"
  run_setup "$clone/packaging/setup"
  equal 0 "$STATUS" 'exit of the second setup'
  [[ ${OUT,,} == *'nothing to do'* ]] || fail 'the second setup does not say "nothing to do"'
  same_file "$LAB/after.json" "$HOME/.docker/config.json" 'config.json after the second setup'

  run_setup "$clone/packaging/setup" --no-such-option
  equal 2 "$STATUS" 'exit of setup with an option that migrate does not know'
}

case $STAGE in
root)
  # What a commit of this checkout would hold: the same as a clean clone, where all is committed.
  project=${here%/tests/setup}
  mkdir -p "$LAB"/{local,homes/ada/clone}
  git -c safe.directory='*' -C "$project" ls-files -coz --exclude-standard |
    tar -C "$project" --null -T - --ignore-failed-read -cf - 2>"$LAB/tar.log" |
    tar -C "$LAB/homes/ada/clone" --no-same-owner -xf -
  cp -L "$DOCKER" "$LAB/homes/docker"
  ln -sfn /home/docker "$LAB/bin/docker"
  cp -a /etc "$LAB/etc"
  mount --bind "$LAB/local" /usr/local
  mount --bind "$LAB/homes" /home
  mount --bind "$LAB/etc" /etc

  start_session
  start_four_registries
  login_in_plain_text
  setup_migrates
  # So can an engine.
  start_engine
  for registry in "${REGISTRIES[@]}"; do docker pull "$registry/$IMAGE"; done
  stop_engine

  # --- the user's turn, on a machine without the program
  find /usr/local -mindepth 1 -delete
  useradd --no-log-init --home-dir /home/ada --shell /bin/bash ada
  chown -R ada: /home/ada
  printf '%s\n' "Defaults:ada logfile=$LAB/sudo.log, loglinelen=0, !lecture" \
    'ada ALL=(root) NOPASSWD: ALL' >/etc/sudoers.d/lab
  chmod 0440 /etc/sudoers.d/lab
  : >"$LAB/sudo.log"
  STAGE=user DOCKER=/home/docker setpriv --reuid ada --regid ada --init-groups "$here/packaging_setup.sh"

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
  ;;
esac
