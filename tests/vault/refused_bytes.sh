#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A changed, missing or added byte anywhere in the file is refused with a reason, and the file stays as it
# is, for whoever wants to mend it: one bit of each byte, all eight of a sample.
# $STEP is how many bytes lie between two that are tried.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

make_vault_with_key
store a.example ada s3
has a.example ada s3
step=1
# A start of it takes thirty times as long.
! sanitized || step=16
"$VAULT_SOURCE/refused_bytes.py" "$VAULT" a.example "${STEP:-$step}" >"$LAB/verdicts" ||
  fail "not refused: $(head -20 "$LAB/verdicts") $(tail -1 "$LAB/verdicts")"
tail -1 "$LAB/verdicts"
has a.example ada s3
reads '{"a.example": ["ada", "s3"]}'

# A vault that is no more can be removed, and another made.
truncate -s 1000 "$VAULT"
vault status
says "$VAULT"
vault create --key-file "$LAB/another.key"
exits 1 'vault create over a damaged one'
equal 1000 "$(stat -c %s "$VAULT")" 'size of the damaged vault'
vault destroy --yes
exits 0 'vault destroy'
[[ ! -e $VAULT ]] || fail 'vault destroy left the vault'
make_vault_with_key
has_not a.example
