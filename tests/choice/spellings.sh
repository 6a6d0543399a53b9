#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which store: spellings are matched against what an open vault holds, whatever the index says of it.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

fresh() {
  rm -rf "$HOME/.local/state"
  quick_vault_with_key --credential https://reg.example/v1/ ada s3 \
    --credential https://index.docker.io/v1/ hub t4 --credential reg.example:5000 bob u5
  case $1 in
  'no index') ;;
  'an index that names others')
    write_index '{"other.example": "vault"}'
    ;;
  'a complete index') call list ;;
  'a spoilt index')
    mkdir -p "$(dirname "$(index_file)")"
    printf 'docker-credential-keyring ind' >"$(index_file)"
    ;;
  esac
}

for index in 'no index' 'an index that names others' 'a complete index' 'a spoilt index'; do
  fresh "$index"
  has reg.example ada s3
  fresh "$index"
  has docker.io hub t4
  has registry-1.docker.io hub t4
  has https://reg.example:5000/v2/ bob u5
  has_not reg.example:5001
  has_not eg.example
  fresh "$index"
  erase reg.example
  has_not https://reg.example/v1/
  reads '{"https://index.docker.io/v1/": ["hub", "t4"], "reg.example:5000": ["bob", "u5"]}'
done

# The index learns what a hit shows.
fresh 'no index'
has docker.io hub t4
equal '"vault"' "$(index '.servers["https://index.docker.io/v1/"].store')" 'the index after a hit'
