#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Streams that take nothing, or do not wait: what was done is not called a failure, and an answer is whole.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

# full STATUS COMMAND…: with a full disk as stdout.
full() {
  local status=0
  "${@:2}" >/dev/full 2>"$LAB/err" || status=$?
  ERR=$(<"$LAB/err")
  equal "$1" "$status" "exit of ${*:2} on a full disk"
  grep -q 'stdout: No space left on device' "$LAB/err" || fail "${*:2}: $ERR"
}
# all_the_same WORDS: what was done is said.
all_the_same() { [[ $ERR == *"all the same $1"* ]] || fail "expected «all the same $1», got «$ERR»"; }

# --- what changes something says that it did
full 3 docker-credential-keyring vault create --key-file "$KEY_FILE"
all_the_same 'the vault was made'
credential a.example ada s3 | docker-credential-keyring store
full 3 docker-credential-keyring vault key add --key-file "$LAB/second"
all_the_same 'the key was added'
full 3 docker-credential-keyring vault unlock --for 1h
all_the_same 'the vault is unlocked'
full 3 docker-credential-keyring vault lock
all_the_same 'the vault is locked'
mkdir -p "$HOME/.docker"
printf '{"auths":{"b.example":{"auth":"%s"}}}' "$(printf bob:s4 | base64)" >"$HOME/.docker/config.json"
full 1 docker-credential-keyring migrate --dry-run
[[ $ERR != *'all the same'* ]] || fail "a dry run did nothing: $ERR"
full 3 docker-credential-keyring migrate
all_the_same 'the migration was done'
full 3 docker-credential-keyring restore --yes
all_the_same 'the logins were restored'

# --- what only looks, or is for docker, failed
full 1 docker-credential-keyring vault status
full 1 docker-credential-keyring export a.example
full 1 docker-credential-keyring list
full 1 docker-credential-keyring get <<<a.example
full 3 docker-credential-keyring vault destroy --yes
all_the_same 'the vault was removed'

# --- a pipe that does not wait, and is read late; a stdin that does not wait
docker-credential-keyring vault create --key-file "$KEY_FILE" 2>"$LAB/noise" >&2
python3 - <<'END' || fail 'through pipes that do not wait'
import json, os, subprocess, time

secret = "s" * 300_000
def call(verb, text):
    stdin, writer = os.pipe()
    reader, stdout = os.pipe()
    os.set_blocking(stdin, False)
    os.set_blocking(stdout, False)
    child = subprocess.Popen(["docker-credential-keyring", verb], stdin=stdin, stdout=stdout)
    os.close(stdin), os.close(stdout)
    time.sleep(0.2)
    with os.fdopen(writer, "w") as pipe:
        pipe.write(text)
    time.sleep(0.2)
    with os.fdopen(reader) as pipe:
        answer = pipe.read()
    assert child.wait() == 0, (verb, child.returncode, answer[:200])
    return answer
call("store", json.dumps({"ServerURL": "a.example", "Username": "ada", "Secret": secret}))
assert json.loads(call("get", "a.example"))["Secret"] == secret
END
