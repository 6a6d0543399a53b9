# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the stories of `migrate --from` have besides migrate_lab.sh: other helpers, and what they hold.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

# --- pass ----------------------------------------------------------------------------------------

# use_pass: Debian's docker-credential-pass on a password store and a gpg key of this story.
#
#   PASS  the program, which is not installed: with it on PATH docker would choose it by itself
use_pass() {
  [[ -x ${PASS:-} ]] || fail "PASS: expected the program pass; tests/run fetches it"
  ln -s "$PASS" "$LAB/bin/pass"
  export GNUPGHOME=$LAB/gnupg PASSWORD_STORE_DIR=$HOME/.password-store
  mkdir -m 0700 "$GNUPGHOME"
  trap end_with_agent EXIT
  gpg --batch --quiet --passphrase "${1:-}" --quick-generate-key ada@example future-default default never \
    2>"$LAB/gpg.log" || fail "gpg: $(<"$LAB/gpg.log")"
  pass init ada@example >"$LAB/pass.log"
}

end_with_agent() {
  local status=$?
  set +e
  trap - ERR
  forget_passphrase
  (exit "$status")
  lab_end
}

# forget_passphrase: the next use of the key asks for it.
forget_passphrase() { gpgconf --kill gpg-agent; }

# --- any helper ----------------------------------------------------------------------------------

# put_into HELPER SERVER USERNAME SECRET
put_into() {
  secret "$4"
  credential "${@:2}" | "docker-credential-$1" store || fail "docker-credential-$1 store $2"
}

# fill HELPER COUNT: as many logins, of h1.example and on.
fill() {
  local i
  for ((i = 1; i <= $2; i++)); do put_into "$1" "h$i.example" "user$i" "secret-of-$i"; done
}

# filled COUNT: docker's way to ours gives them all.
filled() {
  local i
  for ((i = 1; i <= $1; i++)); do has "h$i.example" "user$i" "secret-of-$i"; done
}

# holds_in HELPER COUNT [WHAT]: so many that it lists.
holds_in() {
  equal "$2" "$("docker-credential-$1" list | jq length)" "logins in $1${3:+, $3}"
}

# program NAME: a helper of this story, a script on stdin.
program() {
  cat >"$LAB/bin/docker-credential-$1"
  chmod 0755 "$LAB/bin/docker-credential-$1"
}

# use_vault: from here on our store is a vault that nobody has to open.
use_vault() {
  export DOCKER_CREDENTIAL_KEYRING_STORE=vault
  docker-credential-keyring vault create --key-file "$HOME/key" >"$LAB/vault.log" 2>&1 ||
    fail "vault create: $(<"$LAB/vault.log")"
}

# keyring_as_it_is: what others see of all items of helpers, secrets and dates included.
keyring_as_it_is() { secret-tool search --all docker_cli 1 2>&1 | grep -v '^\[' | sort | sha256sum; }
