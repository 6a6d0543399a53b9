#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Several together: clevis' sss with tang servers and a TPM. One of two suffices where the threshold says
# so, also while the other hangs, and what waits for that one is ended.
. "${BASH_SOURCE[0]%/*}/clevis_lab.sh" || exit 1

start_tang one
first=$TANG_PID url_one=$TANG_URL thp_one=$TANG_THP
start_tang two
second=$TANG_PID url_two=$TANG_URL thp_two=$TANG_THP
tangs="{\"url\":\"$url_one\",\"thp\":\"$thp_one\"},{\"url\":\"$url_two\",\"thp\":\"$thp_two\"}"

# A fingerprint is wanted inside as well.
vault create --clevis sss "{\"t\":1,\"pins\":{\"tang\":[{\"url\":\"$url_one\"},{\"url\":\"$url_two\",\"thp\":\"$thp_two\"}]}}"
((STATUS)) || fail 'a tang server without thp inside sss was trusted'
says thp

# --- one of two
vault create --clevis sss "{\"t\":1,\"pins\":{\"tang\":[$tangs]}}"
exits 0 'vault create --clevis sss, one of two'
store a.example ada s3
vault lock
has a.example ada s3
end_process "$second"
vault lock
has a.example ada s3
no_leftovers
start_hanging "$(<"$LAB/tang-two.port")"
watch_waits
vault lock
has a.example ada s3
waited_at_most 11000 'get, one of two hangs'
no_leftovers
end_process "$first"
vault lock
call get a.example
failed 'get, one is gone and one hangs'
waited_at_most 14000 'get, one is gone and one hangs'
no_leftovers
end_process "$HANGING_PID"
watch_no_waits

# --- a server and this machine's TPM
start_tang one
start_tpm
vault destroy --yes
vault create --clevis sss "{\"t\":2,\"pins\":{\"tang\":[{\"url\":\"$url_one\",\"thp\":\"$thp_one\"}],\"tpm2\":{}}}"
exits 0 'vault create --clevis sss, tang and tpm2'
flush_tpm
store a.example ada s3
vault lock
flush_tpm
has a.example ada s3
after_unseal
flush_tpm
end_process "$TANG_PID"
vault lock
call get a.example
failed 'get, the TPM alone'
start_tang one
flush_tpm
has a.example ada s3
vault lock
end_process "$TPM_PID"
call get a.example
failed 'get, the tang server alone'
no_leftovers
