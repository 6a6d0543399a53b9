#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which store: `get` and `erase` go first to the one that the index names. Where both hold a server, that
# one's answer counts; an erase leaves neither.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

start_session
index_says() { write_index "{\"both.example\": {\"store\": \"$1\"$2}}"; }

# in_both [TIME]: as when one was written by another program, or before a crash. That of the vault was stored at TIME,
# and that of the keyring now.
in_both() {
  printf keyring-secret | secret-tool store --label 'Registry credentials for both.example' \
    xdg:schema io.docker.Credentials label 'Docker Credentials' docker_cli 1 \
    server both.example username kay
  quick_vault_with_key --time "${1:-0}" --credential both.example val vault-secret
}
long_ago=1000000000
far_ahead=4000000000

# The index is right about what it names alone, whatever the date, and whichever store is preferred.
in_both "$long_ago"
index_says vault ''
has both.example val vault-secret
in_both "$far_ahead"
index_says keyring ''
has both.example kay keyring-secret
DOCKER_CREDENTIAL_KEYRING_STORE=auto has both.example kay keyring-secret

# Where it names none, or both, or is lost, the newest by its own date counts; also where only a list
# was made in between.
newest_counts() {
  in_both "$1"
  for indexed in '{}' '{"both.example": {"store": "keyring", "also": ["vault"]}}' \
    '{"both.example": {"store": "vault", "also": ["keyring"]}}'; do
    write_index "$indexed"
    has both.example "$2" "$3"
    has https://both.example "$2" "$3"
  done
  rm "$(index_file)"
  call list
  has both.example "$2" "$3"
  rm "$(index_file)"
  has both.example "$2" "$3"
}
newest_counts "$long_ago" kay keyring-secret
newest_counts "$far_ahead" val vault-secret

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
