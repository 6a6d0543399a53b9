#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A spread of interleavings: the same one each time, so that what nobody changed does not fail by chance.
exec "${BASH_SOURCE[0]%/*}/run" --sample 60 --seed 1
