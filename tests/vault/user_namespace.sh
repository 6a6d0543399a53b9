#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A passphrase that is given in a user namespace, as to rootless podman, unlocks the vault there alone: that
# is said there, and outside by `vault status`; `vault lock` outside ends it.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

unshare --user --map-root-user true || fail 'expected user namespaces to be allowed on this machine'
quick_vault_with_passphrase 'pass one' --credential a.example ada s3

# inside: in a namespace that lives as long as this story.
start namespace unshare --user --map-root-user tail --pid=$$ -f /dev/null
namespace=$STARTED
wait_until grep -q ' 1$' "/proc/$namespace/uid_map"
inside=(nsenter --user="/proc/$namespace/ns/user" --preserve-credentials --)

printf a.example >"$LAB/request"
INPUT=$LAB/request at_terminal --answer 'pass one' -- "${inside[@]}" docker-credential-keyring get
exits 0 'get, inside'
says 'in this user namespace alone' 'vault unlock, outside'
INPUT=$LAB/request run "${inside[@]}" docker-credential-keyring get
exits 0 'get, inside, once more'
silent 'get, inside, once more'

equal false "$(status .open)" 'open, outside'
remaining=$(($(status .open_elsewhere_until) - $(date +%s)))
((remaining > 800 && remaining <= 900)) || fail "open_elsewhere_until: expected 15 minutes from now, got $remaining s"
vault status
says locked 'user namespace' 'vault lock'

# Both at once: each has its own.
at_terminal --answer 'pass one' -- docker-credential-keyring vault unlock
exits 0 'vault unlock'
says_not 'user namespace'
equal true "$(status .open)" 'open, outside'
[[ $(status .open_elsewhere_until) != null ]] || fail 'expected it to be unlocked in both'

vault lock
exits 0 'vault lock'
equal null "$(status .open_elsewhere_until)" 'open_elsewhere_until after vault lock'
INPUT=$LAB/request run "${inside[@]}" docker-credential-keyring get
broke 'get, inside, after vault lock'

# What was left by a machine that went down unlocks nothing.
INPUT=$LAB/request at_terminal --answer 'pass one' -- "${inside[@]}" docker-credential-keyring get
exits 0 'get, inside'
touch -d '2001-01-01' "$VAULT_FOLDER"/open-*
equal null "$(status .open_elsewhere_until)" 'open_elsewhere_until after a reboot'
