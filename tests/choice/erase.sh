#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which store: an erase succeeds when every store that the index names for the server proves it gone. A
# store that cannot be reached and is not named is skipped; one that is named makes it fail, by name.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

start_session
make_vault_with_key
store in-keyring.example kay s3
DOCKER_CREDENTIAL_KEYRING_STORE=vault store in-vault.example val t4

# --- the keyring is away
stop_keyring
erase in-vault.example
reads '{}'
erase stranger.example
call erase in-keyring.example
failed 'erase, its keyring is away'
says keyring
start_keyring pw1
has in-keyring.example kay s3

# --- no bus, no vault: what nobody stored is gone
mv "$VAULT" "$LAB/aside"
stop_keyring
bus=$DBUS_SESSION_BUS_ADDRESS
unset DBUS_SESSION_BUS_ADDRESS
erase stranger.example
call erase in-keyring.example
failed 'erase, no bus'
export DBUS_SESSION_BUS_ADDRESS=$bus
start_keyring pw1

# --- the vault is locked
quick_vault_with_passphrase 'pass one' --credential in-vault.example val t4
write_index '{"in-vault.example": "vault", "in-keyring.example": "keyring"}'
remember
erase in-keyring.example
equal 0 "$(items server in-keyring.example)" 'items of in-keyring.example'
call_at_terminal erase stranger.example --may-end --answer never
done_silently 'erase of a stranger, the vault locked'
prompted_times 0 'erase of a stranger'
call erase in-vault.example
hinted 'docker-credential-keyring vault unlock' 'erase, the vault locked'
says vault
unchanged 'after an erase that failed'
equal '"vault"' "$(index '.servers["in-vault.example"].store')" 'the index after an erase that failed'
call_at_terminal erase in-vault.example --answer 'pass one'
done_silently 'erase, at a terminal'
reads '{}'
has_not in-vault.example

# --- in both, and one of them away: named by the index, it is not skipped
write_index '{"both.example": {"store": "vault", "also": ["keyring"]}}'
stop_keyring
call erase both.example
failed 'erase, one of two is away'
says keyring
