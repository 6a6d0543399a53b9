#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which store: `get` and `erase` go first to the one that the index names. Where both hold a server, that
# one's answer counts; an erase leaves neither.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

start_session
index_says() { write_index "{\"both.example\": {\"store\": \"$1\"$2}}"; }

# in_both: as when one was written by another program, or before a crash.
in_both() {
  printf keyring-secret | secret-tool store --label 'Registry credentials for both.example' \
    xdg:schema io.docker.Credentials label 'Docker Credentials' docker_cli 1 \
    server both.example username kay
  quick_vault_with_key --credential both.example val vault-secret
}

in_both
for also in '' ',"also":["keyring"]'; do
  index_says vault "$also"
  has both.example val vault-secret
done
for also in '' ',"also":["vault"]'; do
  index_says keyring "$also"
  has both.example kay keyring-secret
done
# The index is right about what it names, whichever store is preferred.
DOCKER_CREDENTIAL_KEYRING_STORE=auto has both.example kay keyring-secret

for first in vault keyring; do
  in_both
  index_says "$first" ''
  erase both.example
  equal 0 "$(items server both.example)" "items in the keyring, $first first"
  reads '{}'
  has_not both.example
done

# A store leaves one copy: the new one, in the store that the index names.
for first in vault keyring; do
  in_both
  index_says "$first" ''
  store both.example ada s3
  has both.example ada s3
  equal "\"$first\"" "$(index '.servers["both.example"].store')" "the index, $first first"
  if [[ $first == vault ]]; then
    equal 0 "$(items server both.example)" 'items in the keyring, vault first'
    reads '{"both.example": ["ada", "s3"]}'
  else
    equal 1 "$(items server both.example)" 'items in the keyring, keyring first'
    reads '{}'
  fi
done
