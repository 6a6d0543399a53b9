#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installed without a package, under the umask of a hardened machine, everybody can run it and read what comes with it.
# The program that the option STATIC makes starts where nothing else is, and says what it lacks.
#
#   BUILD_DIR  a finished build of the release preset
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh"
BUILD_DIR=$(realpath -e "${BUILD_DIR:?a build of the release preset}")
name=docker-credential-keyring

for mask in 022 027 077; do
  (umask "$mask" && cmake --install "$BUILD_DIR" --prefix "$LAB/installed.$mask" --strip) >"$LAB/install.log" 2>&1 ||
    fail "cmake --install: $(tail -c 1000 "$LAB/install.log")"
  equal '' "$(find "$LAB/installed.$mask" -mindepth 1 ! -perm -a+r)" "not to be read by everybody, umask $mask"
  equal '' "$(find "$LAB/installed.$mask" -mindepth 1 -type d ! -perm 0755)" \
    "folders of another mode, umask $mask"
  equal 755 "$(stat -c %a "$LAB/installed.$mask/bin/$name")" "the mode of the program, umask $mask"
done
# What stands above them too, where it had to be made; what was there stays closed.
mkdir -m 0700 "$LAB/closed"
(umask 077 && DESTDIR=$LAB/closed/stage cmake --install "$BUILD_DIR" --prefix /opt/deep/place) \
  >"$LAB/install.log" 2>&1 ||
  fail "cmake --install with DESTDIR: $(tail -c 1000 "$LAB/install.log")"
equal '' "$(find "$LAB/closed/stage" -type d ! -perm 0755)" 'folders of another mode, by DESTDIR'
equal 700 "$(stat -c %a "$LAB/closed")" 'the mode of a folder that was there'

# --- what it asks of glibc: of what is newer than 2.34 nothing but what the option PORTABLE does without
newer=$(objdump -T "$LAB/installed.077/bin/$name" |
  awk 'match($0, /GLIBC_2\.[0-9]+/) && substr($0, RSTART + 8, RLENGTH - 8) + 0 > 34 { print $NF }')
equal _dl_find_object "$newer" 'functions of a glibc after 2.34'

# --- the static program, in a folder that has nothing but it and the files of one user
static=$BUILD_DIR/helper/static_program
! grep -q INTERP <<<"$(readelf -lW "$static")" || fail 'the static program wants a loader'
root=$LAB/empty
mkdir -p "$root/home/.docker" "$root/usr/bin"
strip -o "$root/usr/bin/$name" "$static"
size=$(stat -c %s "$root/usr/bin/$name")
((size < 6 << 20)) || fail "the static program has $size bytes"
alone() { env -i HOME=/home PATH=/usr/bin /usr/sbin/chroot "$root" "/usr/bin/$name" "$@"; }
equal "$("$HELPER" version)" "$(alone version)" version
alone vault create --key-file /home/key >"$LAB/noise" 2>&1 || fail "vault create, alone: $(<"$LAB/noise")"
credential reg.example ada word-one | alone store || fail 'store, alone'
equal word-one "$(echo reg.example | alone get | jq -r .Secret)" 'get, alone'
printf '{"auths":{"old.example":{"auth":"%s"}}}' "$(printf bob:word-two | base64)" >"$root/home/.docker/config.json"
alone migrate >"$LAB/out" 2>&1 || fail "migrate, alone: $(<"$LAB/out")"
equal '{"auths":{"old.example":{}},"credsStore":"keyring"}' "$(jq -c . "$root/home/.docker/config.json")" \
  'what migrate wrote, alone'
equal word-two "$(echo old.example | alone get | jq -r .Secret)" 'get of what was migrated, alone'
alone doctor >"$LAB/out" 2>&1 || fail "doctor, alone: $(<"$LAB/out")"
grep -q 'this program was built without the keyring' "$LAB/out" || fail "doctor, alone: $(<"$LAB/out")"
alone vault destroy --yes >"$LAB/noise" 2>&1 || fail 'vault destroy, alone'
credential reg.example ada word-one | alone store >"$LAB/out" 2>"$LAB/err" && fail 'store without a vault, alone'
grep -q 'docker-credential-keyring vault create' "$LAB/err" || fail "the advice: $(<"$LAB/err")"
