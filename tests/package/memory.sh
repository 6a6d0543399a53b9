#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is left of a secret in the memory of what users install: nothing once it has answered, also of a short one,
# and no core of one that crashes in the midst.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

short=pw-short7 # in a std::string it needs no memory of its own
long=a-rather-long-word-of-a-secret-that-no-string-keeps-inside

# forgets SECRET COMMAND…: nothing of it is found when COMMAND has done its work.
forgets() {
  local status=0
  python3 "$LAB_SOURCE/memory_at_exit.py" "$LAB/found" "$@" >"$LAB/out" 2>"$LAB/noise" || status=$?
  equal 0 "$status" "exit of ${*:2}"
  equal '' "$(<"$LAB/found")" "left of the secret by ${*:2}"
}

# forgotten: by each verb that handles one.
forgotten() {
  local secret
  for secret in "$short" "$long"; do
    credential "r.example" ada "$secret" >"$LAB/credential"
    forgets "$secret" docker-credential-keyring store <"$LAB/credential"
    forgets "$secret" docker-credential-keyring get <<<r.example
    grep -q "$secret" "$LAB/out" || fail "expected the answer: $(<"$LAB/out")"
    forgets "$secret" docker-credential-keyring export --output "$LAB/exported" r.example
    rm "$LAB/exported"
  done
  forgets "$long" docker-credential-keyring erase <<<r.example
}

# --- the tool finds what is there
status=0
TEXT=$long python3 "$LAB_SOURCE/memory_at_exit.py" "$LAB/found" "$long" docker-credential-keyring version \
  >"$LAB/out" || status=$?
equal 0 "$status" 'exit of the tool'
[[ -s $LAB/found ]] || fail 'expected the tool to find what stands in the environment'

# --- on a vault
docker-credential-keyring vault create --key-file "$KEY_FILE" 2>"$LAB/noise" >&2
forgotten

# --- a crash while the answer is written: no core, and nothing of it elsewhere
credential r.example ada "$long" | docker-credential-keyring store
mkdir "$LAB/crash"
crashed=0
(
  cd "$LAB/crash"
  ulimit -c unlimited
  strace -qq -o "$LAB/trace" -e trace=write -e inject=write:signal=SEGV:when=1 docker-credential-keyring get
) <<<r.example >"$LAB/out" 2>"$LAB/noise" || crashed=$?
((crashed >= 128)) || fail "expected a crash, got exit $crashed"
equal '' "$(ls -A "$LAB/crash")" 'files of the crash'
no_trace "$long"

# --- on a keyring
start_session
export DOCKER_CREDENTIAL_KEYRING_STORE=keyring
forgotten
