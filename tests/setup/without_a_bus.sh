#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packaging/setup in a clean clone on a bare machine: no bus, no keyring, no terminal, nothing in the
# environment but PATH and HOME. By root, and by a user through sudo. Four logins move into a vault that
# a key file unlocks, and docker goes on with them.
. "${BASH_SOURCE[0]%/*}/setup_lab.sh" || exit 1

# setup_on_a_bare_machine KEY-FILE
setup_on_a_bare_machine() {
  local key=$1 vault=$HOME/.local/share/docker-credential-keyring/vault i
  bare_environment
  start_four_registries
  login_in_plain_text

  # Looking makes nothing.
  find "$clone" /usr/local "$HOME" -printf '%p %y %m %s %T@\n' | sort >"$LAB/before.files"
  run_setup "$clone/packaging/setup" --dry-run
  find "$clone" /usr/local "$HOME" -printf '%p %y %m %s %T@\n' | sort >"$LAB/after.files"
  same_file "$LAB/before.files" "$LAB/after.files" 'what there is, after setup --dry-run'
  [[ $ERR == *'would'*'build in'*'install the program to'* ]] || fail "setup --dry-run does not say what it would do: $ERR"
  run_setup "$clone/packaging/setup" --no-such-option
  equal 2 "$STATUS" 'exit of setup with an option that does not exist'
  [[ ! -e $vault && ! -e $key ]] || fail 'setup with an option that does not exist made a vault'
  trace "${SECRETS[@]}"

  setup_migrates
  [[ $SAID == *"$key"* && $SAID == *'not protected'* ]] ||
    fail 'setup does not say where the key is, and what that protects'
  equal "600 $(id -un)" "$(stat -c '%a %U' "$vault")" 'mode and owner of the vault'
  equal "700 $(id -un)" "$(stat -c '%a %U' "${vault%/*}")" 'mode and owner of its folder'
  equal "600 $(id -un)" "$(stat -c '%a %U' "$key")" 'mode and owner of the key file'
  # The secrets of the vault and the key to it are not to be found outside.
  equal "$key" "$(grep -rlF "$(<"$key")" "$HOME" "$key" | sort -u)" 'files with the key'
  vault_holds_all
  cp "$vault" "$LAB/vault"

  setup_has_nothing_to_do
  same_file "$LAB/vault" "$vault" 'the vault after the second setup'

  # No key, no secret: not even "not found".
  mv "$key" "$LAB/key"
  for i in 0 1 2 3; do
    call get "${REGISTRIES[i]}"
    failed 'get without the key file'
  done
  mv "$LAB/key" "$key"

  # Out, and in again without plain text; with a password and with a token.
  for i in 0 3; do
    docker logout "${REGISTRIES[i]}"
    has_not "${REGISTRIES[i]}"
    pulls_not "${REGISTRIES[i]}"
  done
  login "${REGISTRIES[0]}" "${USERS[0]}" "${SECRETS[0]}"
  ! grep -qi unencrypted "$LAB/docker.out" "$LAB/docker.err" || fail 'plain text after setup'
  login "${REGISTRIES[3]}" tom "$TOKEN_PASSWORD"
  all_are_migrated
  vault_holds_all
}

# All four are in the vault, by the program's own word.
vault_holds_all() {
  local wanted='{}' i
  for i in 0 1 2 3; do
    wanted=$(jq -c --arg s "${REGISTRIES[i]}" --arg u "${USERS[i]}" '.[$s] = $u' <<<"$wanted")
  done
  export DOCKER_CREDENTIAL_KEYRING_STORE=vault
  lists "$wanted"
  unset DOCKER_CREDENTIAL_KEYRING_STORE
}

case $STAGE in
root)
  fresh_machine
  take_build
  # Nor root's own bus, where this machine has one.
  if [[ -d /run/user ]]; then mount -t tmpfs tmpfs /run/user; fi
  setup_on_a_bare_machine /etc/docker-credential-keyring/key
  as_ada
  ;;

user)
  equal ada "$(id -un)" 'the user'
  setup_on_a_bare_machine "$HOME/.config/docker-credential-keyring/key"
  ;;
esac
