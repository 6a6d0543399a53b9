#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Who lists and then gets each loses all at the first that fails: what is locked in one store takes nothing
# away from the other. By docker-py, and by the docker CLI and compose, which send a build what they found.
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

docker_asks_us
start_engine
start_bus
start_keyring pw1
store b.example bob t4
quick_vault_with_passphrase 'pass one' --credential a.example ada s3
write_index '{"a.example": "vault", "b.example": "keyring"}'
settings '{"prompt": "never"}'

# finds SERVER…: these, with a password each, come to docker-py and to the engine, and to nobody more.
finds() {
  local wanted
  wanted=$(jq -cn '$ARGS.positional | sort' --args "$@")
  equal "$wanted" "$(docker_py 'all')" 'what docker-py finds'
  equal "$wanted" "$(docker_build)" 'what a build is sent'
  equal "$wanted" "$(compose_build)" 'what a build by compose is sent'
}

# says_once TEXT…: one line on stderr of the last `list` has each, and there is one hint at most.
says_once() {
  local text
  equal 1 "$(grep -c 'leaves out' "$LAB/err")" 'lines that tell what is left out'
  for text; do says "$text"; done
}

# --- neither can be opened: all is listed, and that is said to who gets it
lock_warm
lists '{"a.example": "", "b.example": "bob"}'
silent 'list, both locked'

# --- the keyring is locked, the vault is not
at_terminal --answer 'pass one' -- env DOCKER_CREDENTIAL_KEYRING_STORE=vault \
  docker-credential-keyring vault unlock
exits 0 'vault unlock'
for lock in lock_warm lock_cold; do
  "$lock"
  lists '{"a.example": "ada"}'
  says_once 'leaves out 1 login of the keyring' 'is locked' 'hint: unlock it in the desktop session'
  finds a.example
done
call get b.example
failed_locked 'get of what is left out'

# --- nobody is ever asked for a list, and what asking could open is listed
settings '{"prompt": "always"}'
lists '{"a.example": "ada", "b.example": ""}'
silent 'list, the keyring can be asked'
settings '{"prompt": "never"}'

# --- the keyring is not there at all
stop_keyring
lists '{"a.example": "ada"}'
says_once 'leaves out 1 login of the keyring'
says_not hint:
finds a.example

# --- the mirror: the vault is locked, the keyring is not
start_keyring pw1
vault lock
exits 0 'vault lock'
lists '{"b.example": "bob"}'
says_once 'leaves out 1 login of the vault' 'hint: docker-credential-keyring vault unlock'
finds b.example

# --- at a terminal the vault can be asked for, and the list does not ask
settings '{}'
at_terminal --may-end -- docker-credential-keyring list
equal '["a.example","b.example"]' "$(jq -c keys "$LAB/out")" 'list at a terminal'
prompted_times 0 'list at a terminal'
settings '{"prompt": "never"}'

# --- one store was chosen: there is no other that anything could be taken away from
DOCKER_CREDENTIAL_KEYRING_STORE=vault lists '{"a.example": ""}'
silent 'list of one store'

# --- an item whose secret is no text: docker cannot have it, and gets all others
printf '\377\376' | timeout -k 5 "$LIMIT" secret-tool store --label=odd.example label 'Docker Credentials' \
  server odd.example username odd docker_cli 1 xdg:schema io.docker.Credentials
forget_vault
has_not odd.example
says 'odd.example' 'UTF-8'
finds b.example
