// SPDX-License-Identifier: MIT
// A keyring module as another version of the program might have it: nothing behind its number may
// be touched, and there is nothing.
#include <stdint.h>

const uint32_t docker_credential_keyring_service = UINT32_MAX;
