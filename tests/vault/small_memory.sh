#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A control group with little memory, or a machine with little left: a new passphrase takes less of it,
# and one that needs more is refused with the reason, before the kernel kills anybody. The limits are
# files laid over the kernel's own: not every machine lets a test make a control group.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

MiB=$((1024 * 1024))

# within GROUP-LIMIT AVAILABLE-KB COMMAND…
mkdir -p "$LAB/group/memory"
cat >"$LAB/within" <<'END'
#!/bin/bash
printf '%s\n' "$1" >"$LAB/group/memory.max"
printf '%s\n' "$1" >"$LAB/group/memory/memory.limit_in_bytes"
printf 'MemTotal: 8000000 kB\nMemAvailable: %s kB\n' "$2" >"$LAB/meminfo"
mount --bind "$LAB/group" /sys/fs/cgroup && mount --bind "$LAB/meminfo" /proc/meminfo || exit 99
shift 2
exec "$@"
END
chmod 0755 "$LAB/within"
within=(unshare --mount --propagation private "$LAB/within")

# made_with MEM OPS GROUP-LIMIT AVAILABLE-KB
made_with() {
  forget_vault
  at_terminal --answer 'pass one' --answer 'pass one' -- \
    "${within[@]}" "$3" "$4" docker-credential-keyring vault create
  exits 0 "vault create within $3 and $4"
  equal "$1 $2" "$(header '.slots[0].params | "\(.mem) \(.ops)"')" "Argon2id within $3 and $4"
}
made_with $((64 * MiB)) 4 $((100 * MiB)) 4000000
made_with $((64 * MiB)) 4 max 500000
made_with $((256 * MiB)) 3 max 4000000
vault lock

call_within() {
  printf a.example >"$LAB/request"
  INPUT=$LAB/request at_terminal --may-end --answer 'pass one' -- "${within[@]}" "$1" "$2" \
    docker-credential-keyring vault unlock
}
call_within $((200 * MiB)) 4000000
exits 1 'vault unlock in a small group'
says '256 MiB of memory'
call_within max 100000
exits 1 'vault unlock with little left'
says '256 MiB of memory'
call_within max 4000000
exits 0 'vault unlock with enough'
