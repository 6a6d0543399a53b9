#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A spread of interleavings, another one each time; the seed that is printed repeats it.
exec "${BASH_SOURCE[0]%/*}/run" --sample 60
