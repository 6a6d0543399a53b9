#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A vault that opens on its machine only: real clevis on a TPM in software. Another TPM does not open it;
# that `{}` binds no state of the machine is said.
. "${BASH_SOURCE[0]%/*}/clevis_lab.sh" || exit 1

start_tpm
vault create --clevis tpm2 '{}'
exits 0 'vault create --clevis tpm2'
says PCR
flush_tpm
store a.example ada s3
has a.example ada s3
vault lock
flush_tpm
has a.example ada s3
after_unseal
no_leftovers
flush_tpm
header '.slots[0].params.sealed' | tr -d '\n' | clevis decrypt >"$LAB/sealed"
READER_KEY=(--sealed-file "$LAB/sealed")
reads '{"a.example": ["ada", "s3"]}'

# --- the machine starts anew
vault lock
end_process "$TPM_PID"
start_tpm
has a.example ada s3

# --- bound to a PCR, which then changes
vault destroy --yes
flush_tpm
vault create --clevis tpm2 '{"pcr_bank":"sha256","pcr_ids":"16"}'
exits 0 'vault create --clevis tpm2, bound to a PCR'
flush_tpm
store a.example ada s3
vault lock
flush_tpm
tpm2_pcrextend "16:sha256=$(printf '1%.0s' {1..64})"
call get a.example
failed 'get, the PCR has changed'
says TPM
flush_tpm
tpm2_pcrreset 16
has a.example ada s3

# --- the TPM is gone, and another one
vault lock
end_process "$TPM_PID"
watch_waits
call get a.example
failed 'get, no TPM'
waited_at_most 14000 'get, no TPM'
watch_no_waits

# A passphrase beside it is changed all the same; the TPM's key stays, and with it the data key.
cp -p "$VAULT" "$LAB/sealed-alone"
start_tpm
at_terminal --answer 'old words' --answer 'old words' -- docker-credential-keyring vault key add --passphrase
exits 0 'key add beside a TPM'
vault lock
end_process "$TPM_PID"
commitment=$(header .key)
at_terminal --answer 'old words' --answer 'new words' --answer 'new words' -- docker-credential-keyring vault passwd
exits 0 'passwd, no TPM'
says 'not used: the key clevis' 'vault passwd --new-data-key'
equal "$commitment" "$(header .key)" 'the data key, no TPM'
"$READER" dump "$VAULT" --passphrase-file <(printf 'new words\n') >"$LAB/dump" || fail 'the new passphrase does not unlock it'
cp -p "$LAB/sealed-alone" "$VAULT"
vault lock
rm -r "$LAB/tpm"
start_tpm
call get a.example
failed 'get, another TPM'
no_leftovers
