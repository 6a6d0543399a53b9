#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which store: a store writes first, and then removes the older copy from the other store. Where it cannot,
# that copy is marked stale: it never answers again, whatever becomes of the new one, and is erased at
# the next chance.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

# begin: a.example in the keyring, and nothing else anywhere.
begin() {
  forget_vault
  make_vault_with_key
  if [[ -n ${KEYRING_PID:-} ]]; then stop_keyring; fi
  rm -rf "$HOME/.local/share/keyrings"
  start_keyring pw1
  store a.example ada old-secret
  equal 1 "$(items server a.example)" 'items of a.example'
}
mark() { index '.servers["a.example"].stale // []'; }

start_bus
begin
stop_keyring
store a.example bob new-secret
says keyring
equal '["bob","new-secret"]' "$(dump '.credentials["a.example"] | [.username, .secret]')" 'in the vault'
equal '["keyring"]' "$(mark)" 'stale'
equal '"vault"' "$(index '.servers["a.example"].store')" 'the index'
has a.example bob new-secret
has https://a.example bob new-secret

# --- the keyring is back, with the old copy
start_keyring pw1
has a.example bob new-secret
call list
equal '{"a.example":"bob"}' "$(jq -cS . "$LAB/out")" 'list'
store b.example eve u5
equal 0 "$(items server a.example)" 'items of a.example at the next chance'
equal '[]' "$(mark)" 'stale, at the next chance'
has a.example bob new-secret

# --- the new copy is erased while the old one cannot be reached
begin
stop_keyring
store a.example bob new-secret
call erase a.example
failed 'erase, an old copy in a keyring that is away'
says keyring
reads '{}'
start_keyring pw1
call get a.example
not_found 'get, the old copy is back'
call erase a.example
done_silently 'erase, the old copy is back'
equal 0 "$(items server a.example)" 'items of a.example after the erase'

# --- the new copy's vault is gone, or locked: the old copy still does not answer
begin
stop_keyring
store a.example bob new-secret
mv "$VAULT" "$LAB/aside"
start_keyring pw1
call get a.example
equal 1 "$STATUS" 'exit of get, the vault is away'
call list
[[ $OUT != *ada* ]] || fail 'list names the old copy'

# --- a newer store of the same server goes where the index says, and leaves one copy
begin
stop_keyring
store a.example bob new-secret
start_keyring pw1
store a.example cyd third-secret
equal 0 "$(items server a.example)" 'items of a.example after the third store'
has a.example cyd third-secret
equal '[]' "$(mark)" 'stale, after the third store'

# --- the other way round: in the vault, which cannot be opened now, and then in the keyring
stop_keyring
begin
erase a.example
quick_vault_with_passphrase 'pass one' --credential a.example ada old-secret
write_index '{"a.example": "vault"}'
store a.example bob new-secret
says vault
equal 1 "$(items server a.example)" 'items of a.example'
equal '["vault"]' "$(mark)" 'stale'
has a.example bob new-secret
at_terminal --answer 'pass one' -- docker-credential-keyring vault unlock
exits 0 'vault unlock'
has a.example bob new-secret
store b.example eve u5
call list
reads '{}'
equal '[]' "$(mark)" 'stale, once the vault is open'

# --- writes first: a keyring that refuses the removal does not lose the new copy
stop_keyring
start_fake --delete-lies --item '{"server": "c.example", "username": "ada", "secret": "old-secret"}'
make_key_file "$KEY_FILE"
quick_vault_with_key
write_index '{"c.example": "vault"}'
store c.example bob new-secret
equal '["keyring"]' "$(index '.servers["c.example"].stale // []')" 'stale, a keyring that does not delete'
has c.example bob new-secret
