#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Thirty helpers at once on a locked vault, as docker pull makes them: one prompt answers all; a refusal
# counts for all but a late starter.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

quick_vault_with_passphrase 'pass one' --credential a.example ada s3

# A job of thirty, all in the terminal's foreground group.
cat >"$LAB/thirty" <<'END'
#!/usr/bin/env bash
trap "" INT # ^C is for the helpers
for ((i = 0; i < 30; i++)); do
  (
    status=0
    printf a.example | docker-credential-keyring get >"$LAB/answer.$i" 2>"$LAB/advice.$i" || status=$?
    echo "$status" >"$LAB/status.$i"
  ) &
done
wait
END
chmod +x "$LAB/thirty"

# thirty STEP…: all of them have come before one may ask.
thirty() {
  rm -f "$LAB"/{answer,advice,status}.* "$LAB/come"
  hold_lock "$VAULT_FOLDER/prompt.lock"
  (wait_until waiting_for "$VAULT_FOLDER/prompt.lock" 30 && flock --unlock "$HELD_LOCK") &
  at_terminal "$@" -- "$LAB/thirty"
  wait "$!" || fail 'they have not come together'
  equal 30 "$(cat "$LAB"/status.* | wc -l)" 'helpers that ended'
  equal true "$ECHO" echo
}
# all ENDED-WITH
all() { equal "$1" "$(sort -u "$LAB"/status.* | paste -sd ' ')" "exits of thirty: $(sort "$LAB"/advice.* | uniq -c)"; }

thirty --answer 'pass one'
all 0
equal 's3' "$(jq -r .Secret "$LAB"/answer.* | sort -u)" 'what they answer'
prompted_times 1 'thirty helpers'
equal 1 "$(tickets)" tickets

# --- wrong three times
vault lock
forget_vault_refusals
thirty --may-end --answer wrong --answer wrong --answer wrong --answer wrong --answer wrong --answer wrong
all 1
at_most 6 "$(prompted)" 'prompts of thirty, refused by three wrong answers each'
cat "$LAB"/answer.* | sort -u >"$LAB/answers"
! grep -q "$NOT_FOUND" "$LAB/answers" || fail 'a refusal is told as "not found"'

# --- right, after somebody else's mistake
vault lock
forget_vault_refusals
thirty --answer wrong --answer 'pass one'
all 0
prompted_times 2 'thirty helpers, wrong and right'

# --- ^C: who asked ends by it, nobody hangs, and there is no second series of prompts
vault lock
forget_vault_refusals
thirty --may-end --press c --press c --press c --press c
! grep -qx 0 "$LAB"/status.* || fail 'a helper succeeded after ^C'
at_most 2 "$(prompted)" 'prompts of thirty, ^C'
