#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What goes wrong with a vault is told with a cure that belongs to it, and no other.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

# advises_not TEXT…: nothing of it is on stderr.
advises_not() {
  local text
  for text; do [[ $ERR != *"$text"* ]] || fail "expected no advice «$text»"; done
}

# --- no passphrase for a new vault; the second question names what it wants
at_terminal --answer '' -- docker-credential-keyring vault create
exits 1 'an empty passphrase'
says 'no passphrase was given, so no vault was made'
advises_not hint
at_terminal --answer 'correct horse' --expect 'repeat the passphrase: ' --answer '' -- \
  docker-credential-keyring vault create
exits 1 'an empty repetition'
says 'no passphrase was given, so no vault was made'
advises_not hint
[[ ! -e $VAULT ]] || fail 'a vault was made'

# --- a key file that is too short
mkdir -m 0700 "$HOME/keys"
(umask 077 && echo short >"$HOME/keys/short")
vault create --key-file "$HOME/keys/short"
exits 1 'a short key file'
says "$HOME/keys/short" 'shorter than 32 bytes' 'make one by'
advises_not hint

# --- a folder that others may write, and no vault in it yet
mkdir -p "$VAULT_FOLDER"
for mode in 0777 0770; do
  chmod "$mode" "$VAULT_FOLDER"
  vault create --key-file "$KEY_FILE"
  exits 1 "folder $mode"
  says "$VAULT_FOLDER" 'chmod 700' 'choose another folder'
  advises_not backup destroy
  [[ ! -e $VAULT && ! -e $KEY_FILE ]] || fail 'something was made'
done
chmod 0700 "$VAULT_FOLDER"

# --- clevis cannot seal: there is no other key to look at
settings '{"clevis": "/nonexistent/clevis"}'
vault create --clevis tpm2 '{}'
exits 1 clevis
says clevis
advises_not 'key list' unlock
settings '{}'

# --- three wrong ones: to unlock once more is no cure
quick_vault_with_passphrase 'correct horse' --credential a.example ada secret-of-ada
call_at_terminal get a.example --answer one --answer two --answer three
hinted 'vault key list' 'three wrong ones'
hinted 'vault destroy' 'three wrong ones'
advises_not 'vault unlock'

# --- who calls for it is asked, also just after a refusal; it would be typed into a shell else
not_asked_after_refusal 'get, just after a refusal'
refused_ago 0
at_terminal --expect "$PROMPT" --answer 'correct horse' -- docker-credential-keyring vault unlock
exits 0 'vault unlock, just after a refusal'
vault lock
forget_vault_refusals
call_at_terminal get a.example --answer ''
refused_ago 0
at_terminal --expect "$PROMPT" --answer 'correct horse' --answer new --answer new -- \
  docker-credential-keyring vault key add
exits 0 'vault key add, just after a refusal'
at_terminal --answer '' -- docker-credential-keyring vault key add
exits 1 'vault key add, empty'
says 'no passphrase was given, so no key was added'
