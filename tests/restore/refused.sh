#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# restore asks before it writes plaintext; where it is not told to, or cannot, the file stays as it is,
# with nothing beside it.
. "${BASH_SOURCE[0]%/*}/../migrate/migrate_lab.sh" || exit 1

start_session
restore() { run docker-credential-keyring restore "$@"; }
store a.example ada secret-of-ada
store b.example bob secret-of-bob
a=$(auth ada secret-of-ada) b=$(auth bob secret-of-bob)
text='{"auths":{"a.example":{},"b.example":{}},"credsStore":"keyring"}'
after="{\"auths\":{\"a.example\":{\"auth\":\"$a\"},\"b.example\":{\"auth\":\"$b\"}}}"

# --- nobody is there to be asked, and --yes is not given
config "$text"
for server in '' a.example; do
  # shellcheck disable=SC2086 # one word or none
  restore $server
  refused "no --yes, $server"
  cured "no --yes, $server"
  says --yes
done

# --- at a terminal it says what it would do, and takes yes for yes alone
for answer in '' n N no yesterday; do
  at_terminal --expect '[y/N] ' --type "$answer" -- docker-credential-keyring restore
  refused "the answer «$answer»"
  [[ $SCREEN == *"2 logins in plaintext into $CONFIG"* ]] || fail "expected the question, got «$SCREEN»"
done
at_terminal --expect '[y/N] ' --type y -- docker-credential-keyring restore
exits 0 'the answer y'
becomes "$after"
config "$text"
at_terminal --expect '1 login in plaintext' --expect '[y/N] ' --type yes -- docker-credential-keyring restore a.example
exits 0 'the answer yes'
equal "$a" "$(jq -r '.auths["a.example"].auth' "$CONFIG")" a.example
config "$text"
at_terminal -- docker-credential-keyring restore --yes
exits 0 '--yes at a terminal'
becomes "$after"
config '{"auths":{},"credsStore":"pass"}'
at_terminal -- docker-credential-keyring restore
exits 0 'nothing to ask about'
keeps

# --- files that are not docker's
for text_refused in '[]' '{"auths":{},}' '{"auths":{"a.example":{},"a.example":{}}}' '{"auths":7}' $'\xef\xbb\xbf{}'; do
  config "$text_refused"
  restore --yes
  refused "$text_refused"
  says "$CONFIG"
done
config '{}' "$HOME/.dockercfg"
restore --yes --config "$HOME/.dockercfg"
FILE=$HOME/.dockercfg refused 'a file that nobody writes'
rm "$HOME/.dockercfg"
restore --no-such-option
exits 2 'no such option'

# --- a mount point, a folder that cannot be written, a full disk
mounted() {
  run unshare --map-root-user --mount --propagation private \
    bash -ec "$1"$'\nexec docker-credential-keyring restore --yes'
}
config "$text"
mounted "mount --bind '$CONFIG' '$CONFIG'"
refused 'a mount point'
cured 'a mount point'
mounted "mount --bind '$HOME/.docker' '$HOME/.docker'; mount -o remount,bind,ro '$HOME/.docker'"
refused 'a read-only folder'
cured 'a read-only folder'
faulty() {
  ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 run bash -c '"$@"; exit $?' bash \
    strace -qq -o "$LAB/trace" "$@" docker-credential-keyring restore --yes
}
for fault in fsync:error=EIO renameat2:error=ENOSPC renameat2:error=EINVAL fchmod:error=EPERM; do
  config "$text"
  chmod 740 "$CONFIG" # of which 700 is left
  faulty -e "trace=${fault%%:*}" -e "inject=$fault:when=1+"
  refused "$fault"
done
cured 'a mode that cannot be set'
says CIFS
config "$text" # where nothing has to be set, a refusal does no harm
faulty -e trace=fchmod -e inject=fchmod:error=EPERM
exits 0 'a mode that is right already'

# --- killed: the old file or the new one, and a second run leaves no plaintext beside it
MAY_EXIT=137
printf %s "$after" >"$LAB/after"
for point in fchmod:when=1 fsync:when=1 fsync:when=2 renameat2:when=1 unlink:when=1; do
  config "$text"
  faulty -e "trace=${point%%:*}" -e "inject=${point/:/:signal=KILL:}"
  exits 137 "killed at $point"
  cmp -s "$LAB/after" "$CONFIG" || same_file "$LAB/before" "$CONFIG" "config.json, killed at $point"
  restore --yes
  exits 0 "after $point"
  becomes "$after"
  alone "$CONFIG" "after $point"
done

# --- a locked keyring
config "$text"
lock_warm
restore --yes
refused 'locked'
says locked hint
restore --setup-only
exits 0 '--setup-only, locked'
becomes '{"auths":{"a.example":{},"b.example":{}}}'
unlock

# --- one of two stores does not answer: what the other has is restored
DOCKER_CREDENTIAL_KEYRING_STORE=vault docker-credential-keyring vault create --key-file "$HOME/key" >"$LAB/vault.log" 2>&1
credential v.example vic secret-of-vic | DOCKER_CREDENTIAL_KEYRING_STORE=vault docker-credential-keyring store
config "$text"
lock_warm
restore --yes
exits 3 'one store of two'
tells a.example kept keyring locked
tells b.example kept keyring locked
tells v.example restored vault
equal '{"auths":{"a.example":{},"b.example":{},"v.example":{"auth":"dmljOnNlY3JldC1vZi12aWM="}},"credHelpers":{"a.example":"keyring","b.example":"keyring"}}' \
  "$(jq -c . "$CONFIG")" config.json
unlock
has a.example ada secret-of-ada
restore --yes
exits 0 'both stores'
equal null "$(jq -c .credHelpers "$CONFIG")" credHelpers
equal "$b" "$(jq -r '.auths["b.example"].auth' "$CONFIG")" b.example
