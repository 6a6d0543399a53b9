# shellcheck shell=bash disable=SC2034 # read by the stories
# SPDX-License-Identifier: MIT
# What the stories of clevis have besides vault_lab.sh: tang servers that answer, hang or are gone, and a
# TPM in software.
# In a mount namespace, for a /dev/shm of the story's own.
. "${BASH_SOURCE[0]%/*}/../lab/own_mounts.sh" || exit 1
mount -t tmpfs -o mode=1777 none /dev/shm
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

# free_port: one, and the next one, that nobody uses now.
free_port() {
  /usr/bin/python3 -c 'import random, socket
while True:
  port = random.randrange(20000, 30000, 2)
  try:
    for p in (port, port + 1):
      with socket.socket() as s: s.bind(("127.0.0.1", p))
    break
  except OSError: pass
print(port)'
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

# start_tang NAME: a tang server with keys of its own; $TANG_URL, $TANG_THP, $TANG_PID.
start_tang() {
  local port
  if [[ ! -d $LAB/tang-$1 ]]; then
    mkdir -m 0700 "$LAB/tang-$1"
    /usr/libexec/tangd-keygen "$LAB/tang-$1" >"$LAB/keygen.log" 2>&1
    free_port >"$LAB/tang-$1.port"
  fi
  port=$(<"$LAB/tang-$1.port")
  start "tang-$1" socat "TCP-LISTEN:$port,bind=127.0.0.1,reuseaddr,fork" \
    "EXEC:/usr/libexec/tangd $LAB/tang-$1"
  TANG_PID=$STARTED
  TANG_URL=http://127.0.0.1:$port
  wait_until listens "$port"
  TANG_THP=$(tang-show-keys "$port")
}

# start_hanging PORT: it accepts, and never answers.
start_hanging() {
  start hanging /usr/bin/python3 -c '
import socket, sys, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", int(sys.argv[1]))); s.listen(50)
time.sleep(600)' "$1"
  HANGING_PID=$STARTED
  wait_until listens "$1"
}

# start_tpm: a TPM in software; $TPM2TOOLS_TCTI says where.
start_tpm() {
  TPM_PORT=${TPM_PORT:-$(free_port)}
  mkdir -p "$LAB/tpm"
  start tpm swtpm socket --tpm2 --tpmstate "dir=$LAB/tpm" \
    --ctrl "type=tcp,port=$((TPM_PORT + 1)),bindaddr=127.0.0.1" \
    --server "type=tcp,port=$TPM_PORT,bindaddr=127.0.0.1" --flags not-need-init,startup-clear
  TPM_PID=$STARTED
  export TPM2TOOLS_TCTI=swtpm:host=127.0.0.1,port=$TPM_PORT
  wait_until grep -q "$(printf ':%04X ' "$TPM_PORT")" /proc/net/tcp
}

# flush_tpm: it has no resource manager.
flush_tpm() {
  local what
  for what in -t -l -s; do tpm2_flushcontext "$what" >"$LAB/flush.log" 2>&1 || true; done
}

# no_leftovers: whatever clevis started has ended, and its folders are gone.
no_leftovers() {
  local left
  left=$(find "$XDG_RUNTIME_DIR" "$TMPDIR" /dev/shm -mindepth 1 ! -name docker-credential-keyring.told)
  equal '' "$left" 'files and folders left'
  wait_until no_clevis
}
clevis_runs() { ! no_clevis; }
# It gets nothing of this world's environment but a HOME in it.
no_clevis() { ! grep -qszE "^HOME=($LAB|/dev/shm)/.*docker-credential-keyring" /proc/[0-9]*/environ; }

# after_unseal: open for a quarter of an hour, and no longer.
after_unseal() {
  local until
  until=$(($(status .open_until) - $(date +%s)))
  ((until > 800 && until <= 900)) || fail "open_until: expected 15 minutes from now, got $until s"
}
