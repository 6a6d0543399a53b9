#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `run`: a command with a store of its own, which is gone when it ends, however it ends. The stores, the index
# and the credentials of the home are not touched.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

# The runtime folder of a session is in memory.
mount -t tmpfs tmpfs "$XDG_RUNTIME_DIR" 2>/dev/null || [[ -w /dev/shm ]] || fail 'no folder in memory here'
leave_mount() {
  local status=$?
  umount "$XDG_RUNTIME_DIR" 2>/dev/null
  (exit "$status")
  vault_lab_end
}
trap leave_mount EXIT
jobs_left() { find "$XDG_RUNTIME_DIR" /dev/shm -maxdepth 1 -name 'docker-credential-keyring.*' -user "$EUID" | sort | paste -sd' '; }
no_jobs_left() {
  wait_until gone
  equal '' "$(jobs_left)" "folders of jobs, $1"
}
gone() { [[ -z $(jobs_left) ]]; }
# job OPTION…: as run() of the lab, with any exit status.
job() {
  LAST_CALL="run $*"
  STATUS=0
  timeout -k 5 "$LIMIT" docker-credential-keyring run "$@" <"${INPUT:-/dev/null}" >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  OUT=$(<"$LAB/out") ERR=$(<"$LAB/err")
}

make_vault_with_key
store home.example ada home-word
mkdir -p "$HOME/.docker/contexts/meta" "$HOME/.docker/cli-plugins"
printf '{"auths": {"old.example": {"auth": "YWRhOm9sZA=="}}, "credsStore": "pass", "credHelpers": {"x": "y"},
  "HttpHeaders": {"X-Token": "header-word"}, "currentContext": "away", "detachKeys": "ctrl-e"}' >"$HOME/.docker/config.json"
find "$HOME" -type f -exec sha256sum {} + | sort >"$LAB/before"
home_is_as_before() {
  find "$HOME" -type f -exec sha256sum {} + | sort >"$LAB/after"
  same_file "$LAB/before" "$LAB/after" "the home, $1"
}

# --- what the command finds
export REG_PASSWORD='reg word' NEXUS_PASSWORD=nexus-word DOCKER_AUTH_CONFIG='{}'
add=(--add reg.example:5000 -u ci --password-env REG_PASSWORD
  --add nexus.example nexus.example:8082 --username bob --password-env NEXUS_PASSWORD)
# shellcheck disable=SC2016
job "${add[@]}" -- sh -c 'docker-credential-keyring list; echo reg.example:5000 | docker-credential-keyring get
  echo nexus.example:8082 | docker-credential-keyring get; echo home.example | docker-credential-keyring get
  cat "$DOCKER_CONFIG/config.json" "$REGISTRY_AUTH_FILE"; ls "$DOCKER_CONFIG"; umask
  echo "[${REG_PASSWORD-}${NEXUS_PASSWORD-}${DOCKER_AUTH_CONFIG-}]"; stat -c %a "${DOCKER_CONFIG%/*}"'
exits 0 'run'
says '{"nexus.example":"bob","nexus.example:8082":"bob","reg.example:5000":"ci"}' '"Secret":"reg word"' \
  '"Secret":"nexus-word"' 'credentials not found in native keychain' '"currentContext": "away"' '"credsStore": "keyring"' \
  '"reg.example:5000": "keyring"' contexts cli-plugins $'\n[]\n' $'\n700'
says_not home-word header-word old.example '"pass"'
equal "$(umask)" "$(grep -x '0[0-7]*' "$LAB/out")" 'the umask of the command'
no_jobs_left 'after a job'
home_is_as_before 'after a job'

# --- a login in the job goes into its own store
# shellcheck disable=SC2016
job -- sh -c 'echo "{\"ServerURL\": \"in.example\", \"Username\": \"u\", \"Secret\": \"s\"}" | docker-credential-keyring store &&
  docker-credential-keyring list'
says '{"in.example":"u"}'
home_is_as_before 'after a login in a job'

# --- what would set docker and its family up for a store that goes is not done
for command in migrate restore\ --yes; do
  # shellcheck disable=SC2086
  job -- docker-credential-keyring $command
  exits 1 "$command in a job"
  says 'this is a job of run'
done
# … nor is it advised
job -- docker-credential-keyring doctor
exits 0 'doctor in a job'
says 'nothing to fix'
says_not migrate
home_is_as_before 'after migrate, restore and doctor in a job'

# --- nothing of the home's stores is opened
strace -f -e trace=openat,open -o "$LAB/trace" docker-credential-keyring run "${add[@]}" -- \
  docker-credential-keyring list >"$LAB/out"
! grep -F "$HOME/.local" "$LAB/trace" || fail 'a store or the index of the home was opened'
! grep -F "$KEY_FILE" "$LAB/trace" || fail 'the key of the home was opened'

# --- how it ends
job -- sh -c 'exit 7'
exits 7 'a command that fails'
job -- sh -c 'kill -TERM $$'
exits 143 'a command that a signal ends'
job -- no-such-command
exits 127 'a command that there is not'
: >"$LAB/tmp/file"
job -- "$LAB/tmp/file"
exits 126 'a file that is no program'
job -- /no/such/file
exits 127 'a path that there is not'
job
exits 125 'no command'
job --add reg.example -u ci -- true
exits 125 'an --add without a variable'
job -u ci --password-env REG_PASSWORD -- true
exits 125 'a user without an --add'
job --nonsense -- true
exits 125 'wrong use'
job --add reg.example -u ci --password-env NOT_SET -- true
exits 125 'a variable that is not set'
says 'password-env names for reg.example is empty or not set'
job --add reg.example -u ci --password-env 'the word itself' -- true
exits 125 'a password in the place of a variable'
says_not 'the word itself'
job --add $'\xff' -u ci --password-env REG_PASSWORD -- true
exits 125 'a server that is not UTF-8'
says_not 'internal error'
no_jobs_left 'after those'

# --- signals go on to it; killed in the middle, also by -9, nothing is left
cat >"$LAB/lives" <<'END'
import os, signal
def end(number, frame):
    print("told", number, flush=True)
    os._exit(9)
for number in (signal.SIGTERM, signal.SIGALRM, signal.SIGUSR1):
    signal.signal(number, end)
with open("started.new", "w") as file:
    file.write(str(os.getpid()))
os.rename("started.new", "started")
while True:
    signal.pause()
END
begin_job() {
  rm -f "$LAB/tmp/started"
  docker-credential-keyring run "${add[@]}" -- /usr/bin/python3 "$LAB/lives" >"$LAB/out" 2>"$LAB/err" &
  RUN=$!
  wait_until test -e "$LAB/tmp/started"
}
ends() {
  STATUS=0
  wait "$RUN" || STATUS=$?
  exits "$1" "$2"
}
for signal in TERM ALRM USR1; do
  begin_job
  kill "-$signal" "$RUN"
  ends 9 "a job that is sent SIG$signal"
  equal "told $(kill -l "$signal")" "$(<"$LAB/out")" 'what the command was told'
  no_jobs_left "after SIG$signal"
done
begin_job
kill -KILL "$RUN"
ends 137 'a job that is killed'
no_jobs_left 'after kill -9'
kill -KILL "$(<"$LAB/tmp/started")"
home_is_as_before 'at the end'

# --- all of its group is killed, at any moment of the start: the watcher is not of that group
cat >"$LAB/kill_group.py" <<'END'
import os, signal, subprocess, sys, time
for i in range(60):
    job = subprocess.Popen(["docker-credential-keyring", "run", *sys.argv[1:], "--", "sleep", "600"], start_new_session=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(i / 1500)
    os.killpg(job.pid, (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)[i % 3])
    job.wait()
END
/usr/bin/python3 "$LAB/kill_group.py" "${add[@]}"
# Between the folder and its watcher a kill -9 leaves an empty folder, and nothing more.
find "$XDG_RUNTIME_DIR" /dev/shm -maxdepth 1 -name 'docker-credential-keyring.*' -user "$EUID" -empty -delete
no_jobs_left 'after kills of the group'

# --- by a parent that ignores the ends of its children
STATUS=0
timeout -k 5 "$LIMIT" /usr/bin/python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execvp(sys.argv[1], sys.argv[1:])' docker-credential-keyring run -- sh -c 'exit 5' || STATUS=$?
exits 5 'a job below a parent that ignores SIGCHLD'

# --- without a PATH the folder at hand does not come onto it
printf '#!/bin/sh\necho from-here\n' >"$LAB/tmp/here"
chmod 0755 "$LAB/tmp/here"
STATUS=0
(cd "$LAB/tmp" && env -u PATH "$HELPER" run -- /usr/bin/env here) >"$LAB/out" 2>&1 || STATUS=$?
exits 127 'a program of the folder at hand, without a PATH'

# --- root, in a home that another user owns: the command has it all the same
if ((EUID == 0)); then
  mkdir "$LAB/theirs"
  chown 4321 "$LAB/theirs"
  # shellcheck disable=SC2016
  HOME=$LAB/theirs job -- sh -c 'echo "[$HOME]"'
  equal "[$LAB/theirs]" "$OUT" 'HOME of the command'
  XDG_CONFIG_HOME=$LAB/theirs job -- echo --help
  exits 125 'root, with a folder of settings that another user owns'
fi

# --- docker takes its keys in any case
printf '{"Auths": {"old.example": {"auth": "YWRhOm9sZA=="}}, "CredHelpers": {"x": "pass"}}' >"$HOME/.docker/config.json"
# shellcheck disable=SC2016
job -- sh -c 'cat "$DOCKER_CONFIG/config.json"'
says_not old.example pass
/usr/bin/python3 -c 'print("{\"a\":" * 60000 + "1" + "}" * 60000)' >"$HOME/.docker/config.json"
job -- true
exits 125 'a config.json that nests without end'
rm "$HOME/.docker/config.json"

# --- what is piped goes through, and its end is seen
printf 'one\ntwo\n' >"$LAB/lines"
INPUT=$LAB/lines job -- wc -l
equal 2 "$OUT" 'lines through a job'
