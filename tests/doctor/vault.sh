#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The vault: what keeps it from being used, its ways to open it, and a vault that is gone.
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

ours
make_vault_with_key
store a.example ada word-one
printf '%s\n' word-one >>"$LAB/secrets"
healthy 'a vault'

# --- who may touch it
chmod 640 "$VAULT"
mended vault-open problem "$VAULT"
chmod 770 "$VAULT_FOLDER"
mended vault-folder-open problem "$VAULT_FOLDER"
chown "$OTHER" "$VAULT"
mended vault-foreign problem "$VAULT"
chown "$OTHER" "$VAULT_FOLDER"
mended vault-foreign problem "$VAULT_FOLDER"
has a.example ada word-one
healthy 'mended'
# A folder that others may read is closed by who writes, not by who looks.
chmod 755 "$VAULT_FOLDER"
healthy 'a folder that others may read'
equal 755 "$(stat -c %a "$VAULT_FOLDER")" 'mode of the folder'

# --- its key file
chmod 644 "$KEY_FILE"
mended vault-key-open problem "$KEY_FILE"
mv "$KEY_FILE" "$LAB/key"
finds vault-key-missing problem "$KEY_FILE"
equal '' "$(field vault-key-missing command)" 'command for the only key'
DOCKER_CREDENTIAL_KEYRING_KEY_FILE=$LAB/key healthy 'the key file, elsewhere'
mv "$LAB/key" "$KEY_FILE"
healthy 'the key file is back'
vault key add --key-file "$LAB/second"
exits 0 'vault key add'
rm "$LAB/second"
finds vault-key-missing info "$LAB/second"
equal '' "$(field vault-key-missing command)" 'command for a key that is elsewhere'
has a.example ada word-one

# --- altered
printf x >>"$VAULT"
mended_at_terminal --expect '[y/N]' --type y -- vault-damaged problem "$VAULT"
[[ ! -e $VAULT ]] || fail 'expected the damaged vault to be gone'

# --- gone, and the index still names it
make_vault_with_key
store a.example ada word-one
forget_kernel_keys
rm "$VAULT"
mended vault-gone problem a.example
found no-store problem

# --- a setting that names a vault, and there is none
rm -f "$KEY_FILE"
settings '{"store": "vault"}'
mended_at_terminal --answer pw1 --answer pw1 -- setting-vault-missing problem
healthy 'a vault made at the terminal'
