#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A service that cannot encrypt its replies, or fails to (kwallet without qca), is used all the same.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_bus
for dh in refused broken; do
  start_fake --dh "$dh"
  store a.example ada 's3 é'
  has a.example ada 's3 é'
  equal '["s3 é"]' "$(fake_items '[.[].secret]')" 'secrets in the service'
  lists '{"a.example": "ada"}'
  erase a.example
  has_not a.example
  equal 0 "$(fake_items length)" 'items in the service'
  stop_fake
done
