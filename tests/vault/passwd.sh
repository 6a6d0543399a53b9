#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `vault passwd`: the old passphrase, twice the new one, and each other key used once where it can be: then
# all is encrypted with a new data key. What is skipped stays, and what that means is said.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

passwd() { at_terminal "${STEPS[@]}" -- docker-credential-keyring vault passwd "$@"; }
opens() { "$READER" dump "$VAULT" --passphrase-file <(printf '%s\n' "$1") >"$LAB/dump" 2>&1; }
still_unlocked() { equal true "$(status .open)" "unlocked, $1"; }

quick_vault_with_passphrase 'old words' --credential a.example ada s3
at_terminal --answer 'old words' -- docker-credential-keyring vault unlock --for 2h
exits 0 'vault unlock'
until_before=$(status .open_until)
commitment=$(header .key)
id=$(header '.slots[0].id')
cp -p "$VAULT" "$LAB/old-copy"

# --- the only key: a new data key, the same slot, unlocked as before
STEPS=(--answer wrong --answer 'old words' --answer 'new words' --answer 'new words')
passwd
exits 0 'vault passwd'
says "changed the passphrase $id" 'stays unlocked until'
equal "$until_before" "$(status .open_until)" 'unlocked until'
[[ $(header .key) != "$commitment" ]] || fail 'the data key is the same'
equal "$id" "$(header '.slots[0].id')" 'the id of the key'
has a.example ada s3
opens 'new words' || fail 'the new passphrase does not unlock it'
! opens 'old words' || fail 'the old passphrase unlocks it'

# --- not given, or not twice alike: nothing changes
remember
STEPS=(--answer 'new words' --answer 'a b' --answer 'a c' --answer 'a b' --answer 'a c' --answer 'a b' --answer 'a c')
passwd
exits 1 'passwd, not twice alike'
STEPS=(--answer wrong --answer wrong --answer wrong)
passwd
exits 1 'passwd, three wrong ones'
says 'none unlocks'
vault passwd
exits 1 'passwd without a terminal'
unchanged 'passwd that failed'

# --- a second admin: asked for in turn; skipped, it stays, and so does the data key
at_terminal --answer 'words of bob' --answer 'words of bob' -- docker-credential-keyring vault key add --label 'bob, second admin'
exits 0 'vault key add'
bob=$(header '.slots[1].id')
commitment=$(header .key)
STEPS=(--answer 'new words' --answer 'newer words' --answer 'newer words' --answer '')
passwd "$id"
exits 0 'passwd, the other key skipped'
says "not used: the key passphrase $bob (bob, second admin)" 'old copy' 'vault passwd --new-data-key'
equal "$commitment" "$(header .key)" 'the data key'
opens 'newer words' || fail 'the new passphrase does not unlock it'
! opens 'new words' || fail 'the old passphrase unlocks it'
opens 'words of bob' || fail 'the other passphrase does not unlock it any more'
still_unlocked 'after a passwd with the old data key'

remember
passwd_must_renew() {
  STEPS=(--answer 'newer words' --answer 'next words' --answer 'next words' --answer "$1")
  passwd "$id" --new-data-key
}
passwd_must_renew ''
exits 1 'passwd --new-data-key, the other key skipped'
unchanged 'passwd --new-data-key, skipped'
passwd_must_renew 'words of bob'
exits 0 'passwd --new-data-key, both used'
[[ $(header .key) != "$commitment" ]] || fail 'the data key is the same, with both used'
opens 'next words' || fail 'the new passphrase does not unlock it, with both used'
opens 'words of bob' || fail 'the other passphrase does not unlock it, with both used'
still_unlocked 'after a passwd with a new data key'

# --- of a key that is none, and without a passphrase at all
vault passwd 00000000
exits 1 'passwd of no key'
forget_vault
make_vault_with_key
at_terminal --may-end -- docker-credential-keyring vault passwd
exits 1 'passwd without a passphrase'
says 'has no passphrase'

# --- a TPM or a key file that is not here: passwd goes on without it
at_terminal --answer 'old words' --answer 'old words' -- docker-credential-keyring vault key add
mv "$KEY_FILE" "$LAB/key"
commitment=$(header .key)
STEPS=(--answer 'old words' --answer 'new words' --answer 'new words')
passwd
exits 0 'passwd, an absent key file'
says 'not used: the key key-file'
equal "$commitment" "$(header .key)" 'the data key, an absent key file'

# … where it has to be here, nobody types a new passphrase, nor one that stays, for nothing
at_terminal --answer 'new words' --answer 'words of bob' --answer 'words of bob' -- docker-credential-keyring vault key add
bob=$(header '.slots[2].id')
remember
at_terminal --answer 'new words' -- docker-credential-keyring vault passwd --new-data-key
exits 1 'passwd --new-data-key, an absent key file'
says 'nothing was changed' 'DOCKER_CREDENTIAL_KEYRING_KEY_FILE=PATH'
at_terminal --may-end -- docker-credential-keyring vault key remove "$bob"
exits 1 'key remove, an absent key file'
says 'stays and has to be used once' 'DOCKER_CREDENTIAL_KEYRING_KEY_FILE=PATH'
unchanged 'what an absent key file stopped'
