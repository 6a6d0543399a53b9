# shellcheck shell=bash disable=SC2034,SC2119,SC2120 # read and called by the stories
# SPDX-License-Identifier: MIT
# A private world for one test; a story sources this file and begins. It gives a home, a runtime
# folder and a PATH of its own below $LAB, no display, no SSH, no bus; the functions below add a bus,
# a keyring, locks and prompts. On the way out, also after a failure, everything that was started is
# ended and $LAB is removed; something left over fails the story.
#
#   HELPER    the program under test; called `docker-credential-keyring` on PATH
#   PROMPTER  the program made of prompter.c, for `answer_prompts`
#   LAB_LEAKS set: a helper built with ASan also looks for leaks
#   LAB_KEEP  set: $LAB stays, to be looked at
set -Eeuo pipefail
shopt -s inherit_errexit

# Seconds after which a call hangs, and what is waited for does not come. No story measures how long
# anything takes: a machine may be slow, and busy besides.
LIMIT=120

LAB_SOURCE=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
LAB_STORY=${0##*/}

# --- the world -----------------------------------------------------------------------------------

lab_begin() {
  LAB=$(mktemp -d /tmp/dck.XXXXXX)
  LAB_PIDS=()
  trap lab_end EXIT
  trap 'fail "exit $?: $BASH_COMMAND"' ERR
  # Also when ctest or a person loses patience.
  trap 'exit 143' TERM
  trap 'exit 130' INT
  trap 'exit 129' HUP
  mkdir -m 0700 "$LAB"/{home,run,tmp,bin}
  local name
  for name in $(compgen -e); do
    case $name in
    XDG_* | DBUS_* | SSH_* | GNOME_* | SECRET_* | DOCKER_* | G_MESSAGES_DEBUG | G_DBUS_DEBUG | \
      DISPLAY | WAYLAND_DISPLAY | XAUTHORITY | REGISTRY_AUTH_FILE | CREDENTIALS_DIRECTORY | TERM | \
      NO_COLOR | COLUMNS | PROMPT_COMMAND | MANOPT | MANROFFOPT)
      unset "$name"
      ;;
    esac
  done
  WAITS=$LAB/waits
  export LAB HOME=$LAB/home XDG_RUNTIME_DIR=$LAB/run TMPDIR=$LAB/tmp
  export PATH=$LAB/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  export LC_ALL=C.UTF-8 GIO_USE_VFS=local GSETTINGS_BACKEND=memory PYTHONDONTWRITEBYTECODE=1
  # A sanitizer's complaint must not look like a helper's "exit 1". GLib keeps one object for ever.
  printf 'leak:async_initable_init_first\n' >"$LAB/lsan"
  # The search for leaks takes as long as all the rest of a call.
  local leaks=detect_leaks=0
  [[ -z ${LAB_LEAKS:-} ]] || leaks=detect_leaks=1
  export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}exitcode=99:$leaks
  export UBSAN_OPTIONS=${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}exitcode=99:print_stacktrace=1
  export LSAN_OPTIONS=${LSAN_OPTIONS:+$LSAN_OPTIONS:}exitcode=99:print_suppressions=0:suppressions=$LAB/lsan
  # Nobody may start a bus; who tries leaves a mark.
  # shellcheck disable=SC2016
  printf '#!/bin/sh\necho "$$ $*" >>"%s"\nexit 1\n' "$LAB/dbus-launch.called" >"$LAB/bin/dbus-launch"
  chmod 0755 "$LAB/bin/dbus-launch"
  if [[ -n ${HELPER:-} ]]; then
    HELPER=$(realpath -e -- "$HELPER")
    export HELPER
    ln -s "$HELPER" "$LAB/bin/docker-credential-keyring"
  fi
  cd "$LAB/tmp"
}

# The processes that carry this world's name in their environment: all that were started here, also
# by a bus or a daemon.
lab_processes() {
  local found entry
  set -- /proc/[0-9]*/environ
  mapfile -t found < <(grep -lzxF "LAB=$LAB" "$@" 2>/dev/null || true)
  for entry in "${found[@]}"; do
    entry=${entry//[!0-9]/}
    [[ $entry == "$$" || $entry == "$BASHPID" ]] || echo "$entry"
  done
}

lab_end() {
  local status=$? pid i left=()
  trap - EXIT ERR
  trap '' TERM INT HUP
  set +e
  for ((i = ${#LAB_PIDS[@]} - 1; i >= 0; i--)); do end_process "${LAB_PIDS[i]}"; done
  # What a bus started goes when the bus has gone. It gets half a minute, then it is ended by its
  # number, and the story has failed: nobody else may leave anything behind.
  for ((i = 0; i < 600; i++)); do
    mapfile -t left < <(lab_processes)
    ((${#left[@]})) || break
    sleep 0.05
  done
  for pid in "${left[@]}"; do
    printf '%s: left behind: %s\n' "$LAB_STORY" "$(tr '\0' ' ' <"/proc/$pid/cmdline")" >&2
    kill -KILL "$pid" 2>/dev/null
    ((status)) || status=1
  done
  if [[ -s $LAB/dbus-launch.called ]]; then
    printf '%s: somebody called dbus-launch: %s\n' "$LAB_STORY" "$(<"$LAB/dbus-launch.called")" >&2
    ((status)) || status=1
  fi
  cd /
  if [[ -n ${LAB_KEEP:-} ]]; then
    printf '%s: kept %s\n' "$LAB_STORY" "$LAB" >&2
  else
    chmod -R u+rwX "$LAB"
    rm -rf "$LAB"
  fi
  exit "$status"
}

# start NAME COMMAND…: runs it in the background, its output in $LAB/NAME.log; $STARTED is its id.
start() {
  local name=$1
  shift
  "$@" </dev/null >>"$LAB/$name.log" 2>&1 &
  STARTED=$!
  LAB_PIDS+=("$STARTED")
}

# Ends a process that `start` started, and waits for it; a stopped one too.
end_process() {
  local pid=$1 i
  if kill -0 "$pid" 2>/dev/null; then
    kill -TERM "$pid" 2>/dev/null || true
    kill -CONT "$pid" 2>/dev/null || true
    for ((i = 0; i < 200; i++)); do
      [[ -e /proc/$pid && $(process_state "$pid") != Z ]] || break
      sleep 0.05
    done
    kill -KILL "$pid" 2>/dev/null || true
  fi
  wait "$pid" 2>/dev/null || true
}

process_state() { sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null || true; }

# wait_until COMMAND…: until the command succeeds.
wait_until() {
  local end=$((SECONDS + LIMIT))
  until "$@" >/dev/null 2>&1; do
    ((SECONDS <= end)) || fail "not within $LIMIT s: $*"
    sleep 0.02
  done
}

# next_second: keyrings tell the time in whole seconds, and what is made after this is newer than
# what was made before.
# A file's time comes from the clock that time() reads, as a keyring does.
next_second() {
  local now=$LAB/next_second second
  : >"$now"
  second=$(stat -c %Y "$now")
  until (($(stat -c %Y "$now") > second)); do : >"$now"; done
}

# --- names that would steer a terminal ------------------------------------------------------------

# A colour, C1's "clear all", a turned line, DEL.
# shellcheck disable=SC2034
cruel=$'\e[31m\xc2\x9b2J\xe2\x80\xae\x7f'

# steers_nothing WHAT: neither output of the last call has a character of those.
steers_nothing() {
  local file
  for file in "$LAB/out" "$LAB/err"; do
    if LC_ALL=C grep -qP '\x1b|\xc2\x9b|\xe2\x80\xae|\x7f' "$file"; then
      fail "$1: what steers a terminal is in ${file##*/}: $(cat -v "$file")"
    fi
  done
}

# --- saying what is wrong ------------------------------------------------------------------------

# fail TEXT: ends the story, with the line that asked and those that led there.
fail() {
  local i place=
  for ((i = 1; i < ${#BASH_SOURCE[@]} - 1; i++)); do
    [[ ${BASH_SOURCE[i]} == */lab/lab.sh ]] || break
  done
  for (( ; i < ${#BASH_SOURCE[@]}; i++)); do
    place+=${place:+ < }${BASH_SOURCE[i]}:${BASH_LINENO[i - 1]}
  done
  printf '%s: %s\n' "$place" "$*" >&2
  if [[ -n ${LAST_CALL:-} ]]; then
    printf '  last call: %s\n  stdin:  %s\n  exit:   %s\n  stdout: %s\n  stderr: %s\n' "$LAST_CALL" \
      "$(clip "$LAB/in")" "$STATUS" "$(clip "$LAB/out")" "$(clip "$LAB/err")" >&2
  fi
  exit 1
}

# The start of a file, on one line; bytes that are no text are shown as such.
clip() { head -c 2000 "$1" 2>/dev/null | cat -v | tr '\n' '~' || true; }

# equal EXPECTED GOT [WHAT]
equal() { [[ $1 == "$2" ]] || fail "${3:-value}: expected «$1», got «$2»"; }

# same_file EXPECTED GOT [WHAT]: byte for byte.
same_file() {
  cmp -s "$1" "$2" || fail "${3:-$2}: expected «$(clip "$1")», got «$(clip "$2")»"
}

# at_most LIMIT GOT WHAT
at_most() { (($2 <= $1)) || fail "$3: expected at most $1, got $2"; }

# --- calling the helper --------------------------------------------------------------------------

LAST_CALL=
STATUS=
NOT_FOUND='credentials not found in native keychain'

# call ACTION [STDIN]: runs the helper; $STATUS, $OUT and $ERR are what came, $LAB/out and $LAB/err
# the same byte for byte. Hanging, dying of a signal, a sanitizer's word or an exit other than 0 and 1
# fails the story here.
call() { call_program docker-credential-keyring "$@"; }

# reference ACTION [STDIN]: the same for docker-credential-secretservice.
reference() { call_program docker-credential-secretservice "$@"; }

call_program() {
  LAST_CALL="$1 $2"
  printf '%s' "${3-}" >"$LAB/in"
  STATUS=0
  timeout -k 5 "$LIMIT" "${WATCH[@]}" "$1" "$2" <"$LAB/in" >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  read_answer
}

read_answer() {
  # bash drops NULs, and says so.
  { OUT=$(<"$LAB/out") ERR=$(<"$LAB/err"); } 2>"$LAB/noise"
  case $STATUS in
  0 | 1) ;;
  124 | 137) fail "hangs: no end within $LIMIT s" ;;
  99) fail "a sanitizer complains: $ERR" ;;
  *) fail "exit: expected 0 or 1, got $STATUS" ;;
  esac
  if [[ $ERR == *"runtime error:"* || $ERR == *Sanitizer* ]]; then fail "a sanitizer complains"; fi
}

# watch_waits: from here on calls note what they wait for in vain, for waited_at_most. No leak check: it
# wants to be the one that traces. Two calls at once need a $WAITS each.
WATCH=()
watch_waits() {
  WATCH=(env ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0" strace -qq -o "$WAITS"
    -e "trace=poll,ppoll,select,pselect6,epoll_wait,epoll_pwait,nanosleep,clock_nanosleep")
}
watch_no_waits() { WATCH=(); }

# waited: the milliseconds that the last call let pass, by the times that it set itself and that ran
# out; however slow the machine is, they are the same.
waited() {
  awk '
    function sum(text,  ms) {
      if (match(text, /tv_sec=[0-9]+/)) ms += 1000 * substr(text, RSTART + 7, RLENGTH - 7)
      if (match(text, /tv_nsec=[0-9]+/)) ms += substr(text, RSTART + 8, RLENGTH - 8) / 1000000
      return ms
    }
    /^(poll|epoll_p?wait)\(.* = 0( |$)/ {
      sub(/(, NULL, [0-9]+)?\) += 0.*/, ""); sub(/.*, /, ""); total += $0
    }
    /^(ppoll|p?select6?)\(.* = 0( |$)/ || /^(clock_)?nanosleep\(.* = 0$/ { total += sum($0) }
    END { printf "%d\n", total }' "$WAITS"
}

# waited_at_most MILLISECONDS WHAT: after watch_waits.
waited_at_most() { at_most "$1" "$(waited)" "milliseconds waited for nothing, $2"; }

# sanitized: the program is not the one that users get.
sanitized() { grep -q __asan_init "$HELPER"; }

# work ARGUMENT…: calls the program; $WORK is what it takes: instructions, as valgrind counts them; of a
# sanitized one, which valgrind cannot run, the system calls. stdin is $INPUT; $STATUS, $LAB/out, $LAB/err
# as after call.
work() {
  local path=$PATH counter=(valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$LAB/counted")
  # What valgrind runs takes valgrind's part for itself, and looks whether docker would find it.
  mkdir -p "$LAB/valgrind"
  ln -sf /usr/libexec/valgrind/callgrind-*64-linux "$LAB/valgrind/docker-credential-keyring"
  path=$LAB/valgrind:$PATH
  if sanitized; then path=$PATH counter=(strace -f -qq -c -o "$LAB/counted"); fi
  LAST_CALL=$*
  cat "${INPUT:-/dev/null}" >"$LAB/in"
  STATUS=0
  ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 PATH=$path timeout -k 5 "$LIMIT" "${counter[@]}" "$HELPER" "$@" \
    <"$LAB/in" >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  read_answer
  WORK=$(sed -n 's/.*Collected : //p; s/^100\.00 .* total$/&/p' "$LAB/counted" | awk '{ print $(NF > 1 ? 4 : 1) }')
  ((WORK)) || fail "nothing counted: $(clip "$LAB/counted")"
}

# hold_lock FILE: nobody else gets it, until release_lock.
hold_lock() {
  (umask 077 && mkdir -p "${1%/*}" && : >>"$1")
  exec {HELD_LOCK}<>"$1"
  flock "$HELD_LOCK"
}
release_lock() { flock --unlock "$HELD_LOCK"; } # also where a child still has the descriptor

# waiting_for FILE COUNT: so many of our calls have it open.
waiting_for() {
  local pid pids count=0
  mapfile -t pids < <(find /proc/[0-9]*/fd -lname "$1" 2>/dev/null | cut -d/ -f3 | sort -u)
  for pid in "${pids[@]}"; do
    [[ $(readlink "/proc/$pid/exe") != "$HELPER" ]] || count=$((count + 1))
  done
  ((count >= $2))
}

# credential SERVER USERNAME SECRET: the JSON that docker sends to `store`.
credential() {
  jq -cn --arg s "$1" --arg u "$2" --arg p "$3" '{ServerURL: $s, Username: $u, Secret: $p}'
}

# store SERVER USERNAME SECRET: must succeed and say nothing on stdout.
store() {
  call store "$(credential "$@")"
  equal 0 "$STATUS" "exit of store $1"
  equal '' "$OUT" "stdout of store $1"
}

# erase SERVER: must succeed and say nothing on stdout.
erase() {
  call erase "$1"
  equal 0 "$STATUS" "exit of erase $1"
  equal '' "$OUT" "stdout of erase $1"
}

# has SERVER USERNAME SECRET: `get` must answer exactly this.
has() {
  call get "$1"
  equal 0 "$STATUS" "exit of get $1"
  jq -e --arg s "$1" --arg u "$2" --arg p "$3" '. == {ServerURL: $s, Username: $u, Secret: $p}' \
    <"$LAB/out" >"$LAB/verdict" 2>&1 || fail "get $1: expected «$(credential "$@")», got «$OUT»"
}

# has_not SERVER: `get` must answer "not found", byte for byte.
has_not() {
  call get "$1"
  not_found "get $1"
}

# not_found [WHAT]: the last call said "not found".
not_found() {
  equal 1 "$STATUS" "exit of ${1:-the call}"
  printf '%s\n' "$NOT_FOUND" >"$LAB/expected"
  same_file "$LAB/expected" "$LAB/out" "stdout of ${1:-the call}"
}

# broke [WHAT]: the last call failed otherwise than by "not found", with one line on stdout.
broke() {
  equal 1 "$STATUS" "exit of ${1:-the call}"
  [[ $OUT != *"$NOT_FOUND"* ]] || fail "${1:-the call}: expected another error than «not found»"
  [[ -n $OUT ]] || fail "${1:-the call}: expected a message on stdout, got none"
  equal 1 "$(wc -l <"$LAB/out")" "lines on stdout of ${1:-the call}"
}

# failed [WHAT]: so it did, and stderr says what to do about it.
failed() {
  broke "${1:-the call}"
  advised "${1:-the call}"
}

# advised [WHAT]: stderr explains.
advised() {
  [[ $ERR == *docker-credential-keyring* ]] ||
    fail "${1:-the call}: expected an explanation on stderr, got «$ERR»"
}

# failed_locked [WHAT]: it failed, and somebody who reads stdout and stderr learns that the keyring is
# locked.
failed_locked() {
  failed "${1:-the call}"
  [[ $OUT$ERR == *locked* ]] || fail "${1:-the call}: expected the word «locked»"
}

# done_silently [WHAT]: exit 0, nothing on stdout.
done_silently() {
  equal 0 "$STATUS" "exit of ${1:-the call}"
  equal '' "$OUT" "stdout of ${1:-the call}"
}

# lists JSON: `list` must answer this object.
lists() {
  call list
  equal 0 "$STATUS" "exit of list"
  jq -e --argjson wanted "$1" '. == $wanted' <"$LAB/out" >"$LAB/verdict" 2>&1 ||
    fail "list: expected «$1», got «$OUT»"
}

# --- what the user set ---------------------------------------------------------------------------

# settings JSON: writes settings.json.
settings() {
  mkdir -p "$HOME/.config/docker-credential-keyring"
  printf '%s\n' "$1" >"$HOME/.config/docker-credential-keyring/settings.json"
}

# The index. A story may remove, spoil or read it.
index_file() { echo "$HOME/.local/state/docker-credential-keyring/index"; }

# index FILTER [FILE]: of it, {complete: [STORE…], servers: {SERVER: {store, also: […], stale: […]}}}.
index() {
  jq -RnS '[inputs | split("\t")] | {
    complete: [.[] | select(.[0] == "store" and (.[2] | startswith("complete"))) | .[1]],
    servers: (map(select(.[0] == "server") | {key: .[1], value: (.[2] | split(",") |
      map(select(endswith(":stale") | not)) as $named | map(select(endswith(":stale"))[:-6]) as $stale |
      {store: $named[0], also: $named[1:], stale: $stale} |
      with_entries(select(.value != null and .value != [])))}) | from_entries)}' \
    "${2:-$(index_file)}" >"$LAB/index.json"
  jq -cS "$1" "$LAB/index.json"
}

# --- the bus -------------------------------------------------------------------------------------

# start_bus [SOCKET [CONFIG]]: a bus that activates nothing, or what CONFIG says; $BUS_PID is its id.
start_bus() {
  local socket=${1:-$LAB/bus} config=${2:-$LAB_SOURCE/bus-without-services.conf}
  start bus dbus-daemon --nofork --nopidfile --config-file="$config" --address="unix:path=$socket"
  BUS_PID=$STARTED
  export DBUS_SESSION_BUS_ADDRESS=unix:path=$socket
  wait_until test -S "$socket"
}

# One question that is never answered is asked again, as long as somebody waits.
owned() {
  local answer
  answer=$(timeout -k 5 $((LIMIT / 6)) gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus \
    -m org.freedesktop.DBus.NameHasOwner "${1:-org.freedesktop.secrets}")
  [[ $answer == '(true,)' ]]
}

# --- gnome-keyring -------------------------------------------------------------------------------

# start_keyring [PASSWORD]: on the bus at hand, unlocked by PASSWORD or left as it is on disk;
# $KEYRING_PID is its id.
start_keyring() {
  local feed=$LAB/password
  if [[ -n ${1:-} ]]; then
    printf %s "$1" >"$feed"
    (exec gnome-keyring-daemon --foreground --unlock --components=secrets <"$feed" \
      >>"$LAB/keyring.log" 2>&1) &
  else
    (exec gnome-keyring-daemon --foreground --components=secrets </dev/null \
      >>"$LAB/keyring.log" 2>&1) &
  fi
  KEYRING_PID=$!
  LAB_PIDS+=("$KEYRING_PID")
  (LAST_CALL='' && wait_until owned) ||
    fail "the keyring does not come: $(process_state "$KEYRING_PID") $(clip "$LAB/keyring.log") $(clip "$LAB/bus.log")"
}

stop_keyring() {
  if [[ -n ${KEYRING_PID:-} ]]; then end_process "$KEYRING_PID"; fi
  rm -rf "$XDG_RUNTIME_DIR/keyring"
}

# start_session: a bus with a gnome-keyring unlocked by pw1.
start_session() {
  start_bus
  start_keyring pw1
}

# session COMMAND…: starts one and runs the command in it.
session() {
  start_session
  "$@"
}

LOGIN=/org/freedesktop/secrets/collection/login

# lock_warm: the running daemon locks its collection.
lock_warm() {
  timeout -k 5 "$LIMIT" gdbus call --session -d org.freedesktop.secrets -o /org/freedesktop/secrets \
    -m org.freedesktop.Secret.Service.Lock "['$LOGIN']" >"$LAB/lock.log"
  equal true "$(is_locked)" "collection locked"
}

# lock_cold: another daemon takes over, which has not been unlocked since it started.
lock_cold() {
  stop_keyring
  start_keyring
  equal true "$(is_locked)" "collection locked"
}

# unlock: another daemon takes over, and is unlocked by pw1.
unlock() {
  stop_keyring
  start_keyring pw1
  equal false "$(is_locked)" "collection locked"
}

is_locked() {
  timeout -k 5 "$LIMIT" gdbus call --session -d org.freedesktop.secrets -o "$LOGIN" \
    -m org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Collection Locked |
    tr -d '(<>,) '
}

# items ATTRIBUTE VALUE…: how many items match, locked or not, by a client that is not ours.
items() {
  timeout -k 5 "$LIMIT" secret-tool search --all "$@" 2>/dev/null | grep -c '^\[/' || true
}

# --- prompts -------------------------------------------------------------------------------------

# answer_prompts ok|bad|cancel|close [DELAY_MS]: for a keyring that is started afterwards. An earlier
# prompter is ended.
answer_prompts() {
  [[ -x ${PROMPTER:-} ]] || fail 'PROMPTER: expected the path of the prompter'
  if [[ -n ${PROMPTER_PID:-} ]]; then end_process "$PROMPTER_PID"; fi
  : >"$LAB/diary"
  rm -f "$LAB/prompter.log"
  start prompter "$PROMPTER" "$1" "${2:-0}" "$LAB/diary"
  PROMPTER_PID=$STARTED
  wait_until grep -q '^:' "$LAB/prompter.log"
  GNOME_KEYRING_TEST_PROMPTER=$(grep -m1 '^:' "$LAB/prompter.log")
  export GNOME_KEYRING_TEST_PROMPTER
}

# forget_prompts, prompts, closed_prompts: how many dialogs opened, and were closed by the keyring,
# since the last forget_prompts.
forget_prompts() { : >"$LAB/diary"; }
prompts() { grep -c '^prompt$' "$LAB/diary" || true; }
closed_prompts() { grep -c '^closed$' "$LAB/diary" || true; }

# prompts_are COUNT [WHAT]
prompts_are() { equal "$1" "$(prompts)" "prompts${2:+ of $2}"; }

# forget_refusals: as if the last refusal were long ago; it counts for those who come just after it.
forget_refusals() { rm -f "$HOME"/.local/state/docker-credential-keyring/*.lock "$LAB"/run/*.lock; }

# may_ask, may_not_ask: somebody sits at a display, or nobody does. Nothing runs on that display: the
# prompter answers.
may_ask() { export DISPLAY=:4711; }
may_not_ask() { unset DISPLAY WAYLAND_DISPLAY; }

# --- the fake service ----------------------------------------------------------------------------

# start_fake OPTION…: fake_service.py on the bus at hand; its options are explained there.
start_fake() {
  : >"$LAB/calls"
  rm -f "$LAB/ready"
  start fake /usr/bin/python3 "$LAB_SOURCE/fake_service.py" --log "$LAB/calls" --state "$LAB/state" \
    --ready "$LAB/ready" "$@"
  FAKE_PID=$STARTED
  wait_until test -e "$LAB/ready"
}

stop_fake() { end_process "$FAKE_PID"; }

# calls METHOD: how often the fake service was called by it, such as Service.GetSecrets.
calls() { grep -cE "^${1//./\\.}( |\$)" "$LAB/calls" || true; }

# calls_are COUNT METHOD
calls_are() { equal "$1" "$(calls "$2")" "calls of $2"; }

# fake_items JQ-FILTER: over the array of items that the fake service holds now.
fake_items() { jq -c "$1" <"$LAB/state"; }

lab_begin
