#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A command whose output is the key: run once, kept as after an unseal, and never by what it started itself.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

make_key_file "$LAB/elsewhere"
INPUT=$LAB/elsewhere vault create --key-file -
exits 0 'vault create --key-file -'
: >"$LAB/runs"
cat >"$LAB/bin/secrets" <<END
#!/bin/sh
echo "\$DOCKER_CREDENTIAL_KEYRING_INSIDE \$(env | grep -c ^DOCKER_CREDENTIAL_KEYRING_) \$(readlink /proc/self/fd/0)" >>"$LAB/runs"
cat "$LAB/elsewhere"
END
chmod 0755 "$LAB/bin/secrets"
runs() { grep -c . "$LAB/runs" || true; }
export DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND='secrets'

call store '{"ServerURL": "a.example", "Username": "ada", "Secret": "s3"}'
done_silently 'store by the key command'
equal 1 "$(runs)" 'runs for a store'
equal '1 1' "$(cut -d' ' -f1,2 "$LAB/runs")" 'our variables in the key command'
[[ $(cut -d' ' -f3 "$LAB/runs") == pipe:* ]] || fail "stdin of the key command: $(<"$LAB/runs")"
for ((i = 0; i < 5; i++)); do has a.example ada s3; done
equal 1 "$(runs)" 'runs after five gets: it stays unlocked'

# --- many at once: one of them runs it
vault lock
: >"$LAB/runs"
pids=()
for ((i = 0; i < 8; i++)); do
  docker-credential-keyring get <<<a.example >"$LAB/get.$i" 2>&1 &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || fail "a get among eight failed: $(cat "$LAB"/get.*)"; done
equal 1 "$(runs)" 'runs for eight at once'

# --- it fails: its last line is told, and nothing is lost
vault lock
DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND='echo first >&2; echo no such secret >&2; exit 3' call get a.example
failed 'get, the key command fails'
says 'no such secret'
says_not first
DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND='echo short' call get a.example
failed 'get, a short key'
says 'shorter than 32 bytes'
DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND='head -c 64 /dev/urandom | base64 -w0' call get a.example
failed 'get, the key of another vault'
says 'another vault'
DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND='yes' call get a.example
failed 'get, a key without end'

# --- it cannot call itself: inside it nothing runs and nobody is asked
export DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND="echo a.example | docker-credential-keyring get >>$LAB/inside 2>&1; cat $LAB/elsewhere"
has a.example ada s3
grep -q locked "$LAB/inside" || grep -q 'cannot be unlocked' "$LAB/inside" || fail "inside: $(<"$LAB/inside")"
unset DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND

# --- from settings.json, if nobody else may write it
vault lock
call get a.example
failed 'get without the key command'
settings=$HOME/.config/docker-credential-keyring/settings.json
mkdir -p "${settings%/*}"
chmod 0700 "${settings%/*}"
printf '{"key_command": "secrets"}' >"$settings"
chmod 0600 "$settings"
has a.example ada s3
vault lock
chmod 0666 "$settings"
call get a.example
failed 'get, others may write settings.json'
chmod 0600 "$settings"

# --- root does not take it from who called sudo
if ((EUID == 0)); then
  rm "$settings"
  SUDO_UID=1000 DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND=secrets call get a.example
  failed 'get, a key command that came through sudo'
fi

# --- keys are changed by it as well
export DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND='secrets'
at_terminal --answer 'old words' --answer 'old words' -- docker-credential-keyring vault key add
exits 0 'key add'
commitment=$(header .key)
at_terminal --answer 'old words' --answer 'new words' --answer 'new words' -- docker-credential-keyring vault passwd
exits 0 'passwd with a key command'
[[ $commitment != "$(header .key)" ]] || fail 'the key command was not used for a new data key'
has a.example ada s3
