#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A vault that is locked and unlocked at once, or unlocked twice, leaves no ticket whose key is gone: at
# every moment.
exec "${BASH_SOURCE[0]%/*}/run" --scene 'unlock and lock' --scene 'unlock and unlock'
