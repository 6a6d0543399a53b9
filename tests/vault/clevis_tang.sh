#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A vault that opens inside its network: real clevis, a real tang server. Gone or hanging, it is an error
# within a bounded time, and nothing stays behind; a server whose keys nobody checked is never trusted.
. "${BASH_SOURCE[0]%/*}/clevis_lab.sh" || exit 1

start_tang one
config="{\"url\":\"$TANG_URL\",\"thp\":\"$TANG_THP\"}"

# --- trust has to be given: without a fingerprint, and with a wrong one
for bad in "{\"url\":\"$TANG_URL\"}" "{\"url\":\"$TANG_URL\",\"thp\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}" \
  '{"url":"-K/dev/null","thp":"x"}' '{"thp":"x"}' '[]' 'x'; do
  at_terminal --may-end --answer y --answer y -- docker-credential-keyring vault create --clevis tang "$bad"
  ((STATUS)) || fail "vault create --clevis tang '$bad': done"
  [[ ! -e $VAULT ]] || fail "a vault by '$bad'"
done
vault create --clevis tang "{\"url\":\"$TANG_URL\"}"
says tang-show-keys thp
vault create --clevis nonsense '{}'
((STATUS)) || fail 'vault create --clevis nonsense: done'

# --- made, and opened
vault create --clevis tang "$config"
exits 0 'vault create --clevis tang'
equal "clevis tang" "$(header '.slots[0] | "\(.kind) \(.params.pin)"')" 'the way'
store a.example ada s3
has a.example ada s3
vault lock
has a.example ada s3
after_unseal
has a.example ada s3
no_leftovers

# The file is what the description says: what clevis seals is the 32 bytes that open the way.
header '.slots[0].params.sealed' | tr -d '\n' | clevis decrypt >"$LAB/sealed"
equal 32 "$(stat -c %s "$LAB/sealed")" 'bytes that clevis unseals'
READER_KEY=(--sealed-file "$LAB/sealed")
reads '{"a.example": ["ada", "s3"]}'
# Beside it a key file, added while it is open.
vault key add --key-file "$KEY_FILE"
exits 0 'key add'
vault lock

# --- the server is gone: the key file opens it, and without that nothing does, soon
end_process "$TANG_PID"
has a.example ada s3
mv "$KEY_FILE" "$LAB/key"
watch_waits
call get a.example
failed 'get, tang is gone'
waited_at_most 12000 'get, tang is gone'
says tang
no_leftovers
has_not stranger.example

# --- it hangs
port=$(<"$LAB/tang-one.port")
start_hanging "$port"
call get a.example
failed 'get, tang hangs'
waited_at_most 14000 'get, tang hangs'
no_leftovers
watch_no_waits
# Killed, the program can end nothing any more: clevis dies with it, and its curl as soon as the server hangs up.
printf a.example >"$LAB/request"
docker-credential-keyring get <"$LAB/request" >"$LAB/answer" 2>&1 &
helper=$!
wait_until clevis_runs
kill -KILL "$helper"
wait "$helper" 2>/dev/null || true
end_process "$HANGING_PID"
wait_until no_clevis
# Its folder could not be removed by it; it holds nothing.
equal '' "$(find /dev/shm -type f -size +0)" 'files with something in them'
rm -rf /dev/shm/*

# --- back again
start_tang one
has a.example ada s3

# --- another server's keys do not open it
vault lock
end_process "$TANG_PID"
rm -r "$LAB/tang-one"
mkdir -m 0700 "$LAB/tang-one"
/usr/libexec/tangd-keygen "$LAB/tang-one" >"$LAB/keygen.log" 2>&1
start_tang one
call get a.example
failed 'get, another server'
no_leftovers

# --- clevis is not installed
unshare --mount --propagation private bash -c "mount --bind /dev/null /usr/bin/clevis
  printf a.example | docker-credential-keyring get" >"$LAB/out" 2>"$LAB/err" && fail 'get without clevis: exit 0'
grep -qi clevis "$LAB/out" "$LAB/err" || fail "get without clevis: $(clip "$LAB/out") $(clip "$LAB/err")"
