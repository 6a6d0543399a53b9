#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Killed at any system call of a store: the old vault or the new one is there, the helper says of each
# server what is true, the next store works, and nothing is left over.
# $ROUNDS is how often; EVERY=1 kills at calls that change no file as well.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

# These change a file; of the calls that open one, those that may write it.
changing='creat mkdir mkdirat write writev pwrite64 fsync fdatasync fchmod fchmodat chmod rename renameat
  renameat2 link linkat unlink unlinkat ftruncate flock'

begin() {
  rm -rf "$HOME/.local/state"
  cp -p "$LAB/begin.vault" "$VAULT.copy"
  mv "$VAULT.copy" "$VAULT"
  find "$VAULT_FOLDER" -type f ! -name vault -delete
  if [[ $1 == known ]]; then
    write_index '{"a.example": "vault"}'
  fi
}
credential a.example bob new-secret >"$LAB/request.known"
credential new.example bob new-secret >"$LAB/request.new"
declare -A old=([known]='{"a.example":["ada","old-secret"]}' [new]='{"a.example":["ada","old-secret"]}')
declare -A new=([known]='{"a.example":["bob","new-secret"]}'
  [new]='{"a.example":["ada","old-secret"],"new.example":["bob","new-secret"]}')

quick_vault_with_key --credential a.example ada old-secret
cp -p "$VAULT" "$LAB/begin.vault"

killed=0 in_vain=0 kept=0 changed=0
# killed_at KIND SYSCALL N
killed_at() {
  local at="killed at $2 $3, $1" found
  begin "$1"
  INPUT=$LAB/request.$1 traced -e "trace=$2" -e "inject=$2:signal=KILL:when=$3" -- docker-credential-keyring store
  if ((STATUS == 137)); then killed=$((killed + 1)); else equal 0 "$STATUS" "exit, $at" && in_vain=$((in_vain + 1)); fi
  found=$(dump '.credentials | map_values([.username, .secret])') || fail "the second reader refuses the vault, $at"
  case $found in
  "${old[$1]}") kept=$((kept + 1)) ;;
  "${new[$1]}") changed=$((changed + 1)) ;;
  *) fail "$at: expected the old vault or the new one, got $found" ;;
  esac
  # What is there, is said to be there.
  case $1$found in
  known"${old[known]}") has a.example ada old-secret ;;
  known*) has a.example bob new-secret ;;
  new"${old[new]}") has_not new.example ;;
  *) has new.example bob new-secret ;;
  esac
  call store "$(<"$LAB/request.$1")"
  done_silently "the next store, $at"
  equal "${new[$1]}" "$(dump '.credentials | map_values([.username, .secret])')" "after the next store, $at"
  equal '' "$(find "$VAULT_FOLDER" "$HOME/.local/state" -type f ! -name vault ! -name index ! -name '*.lock')" \
    "leftovers, $at"
}

one_round() {
  local kind name number begun
  for kind in known new; do
    begin "$kind"
    INPUT=$LAB/request.$kind traced -- docker-credential-keyring store
    equal 0 "$STATUS" 'exit without a fault'
    sed 's/^[0-9]* *//' "$LAB/trace" >"$LAB/whole"
    # From where it first looks at what is ours.
    begun=$(grep -nm1 -F "$HOME/" "$LAB/whole" | cut -d: -f1)
    [[ -n $begun ]] || fail 'the trace does not show where it begins'
    awk -v begun="$begun" -v every="${EVERY:-0}" -v names="$(tr -s ' \n' ' ' <<<"$changing")" '
      match($0, /^[a-z_0-9]+\(/) {
        name = substr($0, 1, RLENGTH - 1); count[name]++
        changes = index(" " names " ", " " name " ") || name ~ /^open/ && /O_WRONLY|O_RDWR|O_CREAT/
        if (NR >= begun && name != "exit_group" && (every || changes)) print name, count[name]
      }' "$LAB/whole" >"$LAB/points"
    (($(wc -l <"$LAB/points") >= 6)) || fail "expected six points at least: $(<"$LAB/points")"
    while read -r name number; do killed_at "$kind" "$name" "$number"; done <"$LAB/points"
  done
}

for ((round = 1; round <= ${ROUNDS:-1}; round++)); do one_round; done
printf 'killed %s times, in vain %s times; the old vault %s times, the new one %s times\n' \
  "$killed" "$in_vain" "$kept" "$changed"
at_most $((killed / 10 + 2)) "$in_vain" 'kills that hit nothing'
((kept && changed)) || fail 'expected both, the old vault and the new one'
