# shellcheck shell=bash disable=SC2034,SC2329 # read and called by the stories
# SPDX-License-Identifier: MIT
# What the stories of packaging/setup have besides registry.sh: a clean clone, and a machine on which
# it may install to /usr/local and make an account and a sudoers file. All of these lie in a mount
# namespace of the story, and go with it. A story sources this file and is told twice: with STAGE=root,
# and, by `as_ada`, with STAGE=user by a user with sudo, who finds the build that root's turn made.

SETUP_LAB=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
SETUP_STORY=$SETUP_LAB/${0##*/}
unset HELPER

if [[ -z ${STAGE:-} ]]; then
  ((EUID == 0)) || {
    printf '%s: needs root, to make a mount namespace\n' "${0##*/}" >&2
    exit 1
  }
  export DOCKER=${DOCKER:-$(type -P docker)}
  STAGE=root exec unshare --mount --propagation private "$SETUP_STORY"
fi

# shellcheck source=../e2e/lab/registry.sh
. "${SETUP_LAB%/setup}/e2e/lab/registry.sh"
# shellcheck source=../lab/mounts.sh
. "$LAB_SOURCE/mounts.sh"
clone=/home/ada/clone
installed=/usr/local/bin/docker-credential-keyring

# A machine without the program, and a clone of it.
fresh_machine() {
  # What a commit of this checkout would hold: the same as a clean clone, where all is committed.
  local project=${SETUP_LAB%/tests/setup}
  mkdir -p "$LAB"/{local,homes/ada/clone}
  git -c safe.directory='*' -C "$project" ls-files -coz --exclude-standard |
    tar -C "$project" --null -T - --ignore-failed-read -cf - 2>"$LAB/tar.log" |
    tar -C "$LAB/homes/ada/clone" --no-same-owner -xf -
  cp -L "$DOCKER" "$LAB/homes/docker"
  ln -sfn /home/docker "$LAB/bin/docker"
  cp -a /etc "$LAB/etc"
  rm -rf "$LAB/etc/docker-credential-keyring"
  # This machine may have an ada.
  sed -i '/^ada:/d' "$LAB"/etc/{passwd,shadow,group,gshadow,subuid,subgid}
  cover /usr/local "$LAB/local"
  cover /home "$LAB/homes"
  mount --bind "$LAB/etc" /etc
}

# keep_build, take_build: what the first story has built from a clean clone, the others need not build once
# more; without it they do.
keep_build() {
  rm -rf "$BUILD_DIR/setup.clone"
  cp -a "$clone/build" "$BUILD_DIR/setup.clone"
}
take_build() {
  [[ ! -e $BUILD_DIR/setup.clone ]] || cp -a "$BUILD_DIR/setup.clone" "$clone/build"
}

# as_ada: the story once more, by ada, without the program but with its build.
as_ada() {
  find /usr/local -mindepth 1 -delete
  useradd --no-log-init --home-dir /home/ada --shell /bin/bash ada
  find /home/ada -xdev -exec chown -h ada: {} +
  printf '%s\n' "Defaults:ada logfile=$LAB/sudo.log, loglinelen=0, !lecture" \
    'ada ALL=(root) NOPASSWD: ALL' >/etc/sudoers.d/lab
  chmod 0440 /etc/sudoers.d/lab
  : >"$LAB/sudo.log"
  STAGE=user DOCKER=/home/docker setpriv --reuid ada --regid ada --init-groups "$clone/tests/setup/${0##*/}"
}

# run_setup COMMAND…: its exit status, stdout and stderr as after `call`. There is no terminal.
run_setup() {
  local secret
  LAST_CALL=$* STATUS=0
  timeout -k 5 3000 setsid --wait "$@" </dev/null >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  OUT=$(<"$LAB/out")
  ERR=$(<"$LAB/err")
  for secret in "${SECRETS[@]}" "$TOKEN_PASSWORD"; do
    [[ $OUT$ERR != *"$secret"* ]] || fail 'setup prints a secret'
  done
}

# The turn of whoever runs this: four logins in plain text before, none after, all of use. $SAID is what
# setup had to say.
setup_migrates() {
  run_setup "$clone/packaging/setup"
  equal 0 "$STATUS" 'exit of setup'
  SAID=$ERR
  equal '755 root' "$(stat -c '%a %U' "$installed")" 'mode and owner of the program'
  ln -s "$installed" "$LAB/bin/"
  all_are_migrated
}

setup_has_nothing_to_do() {
  cp "$HOME/.docker/config.json" "$LAB/after.json"
  run_setup "$clone/packaging/setup"
  equal 0 "$STATUS" 'exit of the second setup'
  [[ ${OUT,,} == *'nothing to do'* ]] || fail 'the second setup does not say "nothing to do"'
  same_file "$LAB/after.json" "$HOME/.docker/config.json" 'config.json after the second setup'
}
