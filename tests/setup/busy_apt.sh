#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packaging/setup on a machine that is busy with its own upgrades: it waits for apt's locks, and has apt try
# again what cannot be fetched at once. apt-get, and what comes after it, are acted.
. "${BASH_SOURCE[0]%/*}/../lab/own_mounts.sh" || exit 1
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

lists=/var/lib/apt/lists
mkdir "$LAB/lists"
mount --bind "$LAB/lists" "$lists"

# act NAME SCRIPT: each call of NAME is noted.
act() {
  printf '#!/bin/sh\necho "%s $*" >>"%s"\n%s\n' "$1" "$LAB/calls" "$2" >"$LAB/bin/$1"
  chmod 0755 "$LAB/bin/$1"
}
printf '#!/bin/sh\necho config-files\n' >"$LAB/bin/dpkg-query"
chmod 0755 "$LAB/bin/dpkg-query"
act apt-get ''
act cmake 'exit 1'

# Another apt-get has the lock, until it is waited for.
start other /usr/bin/python3 -c '
import fcntl, sys, time
lab, lock = sys.argv[1], open(sys.argv[2], "w")
fcntl.lockf(lock, fcntl.LOCK_EX)
open(lab + "/ready", "w").close()
while "sleep 1\n" not in open(lab + "/calls").read(): time.sleep(0.02)
open(lab + "/calls", "a").write("the other one ends\n")' "$LAB" "$lists/lock"
: >"$LAB/calls"
wait_until test -e "$LAB/ready"
act sleep ''

status=0
timeout -k 5 "$LIMIT" "$SOURCE_DIR/packaging/setup" </dev/null >"$LAB/out" 2>"$LAB/err" || status=$?
equal 1 "$status" 'exit of setup, cmake fails'
mapfile -t packages < <(. "$SOURCE_DIR/packaging/apt.sh" && build_packages "$SOURCE_DIR")
options='-o DPkg::Lock::Timeout=900 -o Acquire::Retries=3'
cat >"$LAB/expected" <<END
sleep 1
the other one ends
apt-get -q $options update
apt-get -q $options install -y --no-install-recommends ${packages[*]}
cmake --preset release -DBUILD_TESTING=OFF
END
# It may have waited a moment longer than it had to.
awk '!/^sleep 1$/ || !n++' "$LAB/calls" >"$LAB/once"
same_file "$LAB/expected" "$LAB/once" 'what setup called'
umount "$lists"
