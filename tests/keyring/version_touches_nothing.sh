#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `version` and `--help` answer with no home, no bus and nothing to write to, and leave nothing behind.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

mkdir "$LAB/empty"
cd "$LAB/empty"
for action in version --version -v --help -h; do
  LAST_CALL="$action without an environment"
  STATUS=0
  env -i PATH=/usr/bin:/bin ASAN_OPTIONS="$ASAN_OPTIONS" LSAN_OPTIONS="$LSAN_OPTIONS" \
    strace -q -f -e trace=connect,socket,mkdir,mkdirat,creat,unlink,unlinkat,rename,renameat,renameat2 \
    -o "$LAB/trace" timeout -k 5 "$LIMIT" env ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0" "$HELPER" "$action" \
    >"$LAB/out" 2>"$LAB/err" <&- || STATUS=$?
  read_answer
  equal 0 "$STATUS" "exit of $action"
  equal '' "$ERR" "stderr of $action"
  case $action in
  *h*) [[ $OUT == 'Usage: docker-credential-keyring <store|get|erase|list|version>'* ]] ;;
  *) [[ $OUT =~ ^'docker-credential-keyring ('[^\ ]+') v'[0-9]+\.[0-9]+\.[0-9]+[^\ ]*$ ]] ;;
  esac || fail "$action: got «$OUT»"
  grep -q '+++ exited with 0 +++' "$LAB/trace" || fail "$action: strace saw nothing"
  equal '' "$(grep -vE '^[0-9]+ +(\+\+\+|---)' "$LAB/trace" || true)" "system calls of $action"
  equal '' "$(find "$LAB/empty" "$HOME" "$XDG_RUNTIME_DIR" -mindepth 1)" "files after $action"
done
