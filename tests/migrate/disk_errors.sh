#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The disk fails at any call of the rewrite: the old file and the old keyring, or the new of both;
# never the one without the other, and no plaintext beside it.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
secret secret-before
text="{\"auths\":{$(login a.example ada secret-of-ada),$(login b.example bob secret-of-bob)}}"
after='{"auths":{"a.example":{},"b.example":{}},"credsStore":"keyring"}'
printf %s "$after" >"$LAB/after"

begin() {
  forget_all
  rm -rf "$HOME/.docker" "$HOME/.config/containers"
  mkdir -m 0700 "$HOME/.docker"
  store b.example old secret-before
  config "$text"
}

begin
trace_once -- --replace
exits 0 'without a fault'
same_file "$LAB/after" "$CONFIG"

# Every fault that loses something is told of, not the first alone.
lost=0
loses() {
  printf '%s\n' "$*" >&2
  lost=$((lost + 1))
}

# fails_at SYSCALL N ERROR
fails_at() {
  local at="$3 at $1 $2" a b
  begin
  traced -e "trace=$1" -e "inject=$1:error=$3:when=$2" -- --replace
  a=$(stored a.example) b=$(stored b.example)
  if cmp -s "$LAB/after" "$CONFIG"; then
    [[ "$a, $b" == 'ada secret-of-ada, bob secret-of-bob' ]] ||
      loses "$at: the new file, exit $STATUS, but the keyring has «$a», «$b»"
  elif cmp -s "$LAB/before" "$CONFIG"; then
    ((STATUS == 1)) || loses "$at: the old file, but exit $STATUS"
    [[ "$a, $b" == ', old secret-before' ]] ||
      loses "$at: the old file, but the keyring has «$a», «$b»"
    [[ -n $ERR ]] || loses "$at: no message"
  else
    loses "$at: config.json is $(clip "$CONFIG")"
  fi
  [[ -z $(find "$HOME/.docker" -type f ! -name config.json) || $1 == unlink ]] ||
    loses "$at: left $(ls "$HOME/.docker")"
  migrate --replace
  exits 0 "second run, $at"
  same_file "$LAB/after" "$CONFIG" "config.json after the second run, $at"
  alone "$CONFIG" "$at"
}

# A write that finds no room: refused_places.sh, on a file system that is full. Its number among the
# writes is not the same in each run of a program that looks for undefined behaviour.
for number in $(points fsync); do
  fails_at fsync "$number" EIO
  fails_at fsync "$number" ENOSPC
done
for number in $(points renameat2); do
  fails_at renameat2 "$number" EIO
  fails_at renameat2 "$number" ENOSPC
  fails_at renameat2 "$number" EINVAL # a file system that cannot exchange files
done
for number in $(points openat "$HOME/.docker"); do fails_at openat "$number" EIO; done
for number in $(points fchmod); do fails_at fchmod "$number" EPERM; done
for number in $(points unlink "$HOME/.docker"); do fails_at unlink "$number" EIO; done

# --- the second of two files: the first and its logins are done, the second and its own are as before
mkdir -m 0700 "$HOME/two"
begin
rm -f "$HOME/two/config.json"
(umask 077 && printf '{"auths":{%s}}' "$(login c.example eve secret-of-eve)" >"$HOME/two/config.json")
cp "$HOME/two/config.json" "$LAB/before"
traced -e trace=renameat2 -e inject=renameat2:error=ENOSPC:when=2 -- --replace \
  --config "$CONFIG" --config "$HOME/two"
exits 3 'the second of two files'
says 'No space left on device' "done before that: $CONFIG"
same_file "$LAB/before" "$HOME/two/config.json"
same_file "$LAB/after" "$CONFIG"
equal 'ada secret-of-ada' "$(stored a.example)" 'a.example, the second of two files'
equal 'bob secret-of-bob' "$(stored b.example)" 'b.example, the second of two files'
equal '' "$(stored c.example)" 'c.example, the second of two files'
alone "$HOME/two/config.json"
((!lost)) || fail "$lost faults lose something"
