# shellcheck shell=bash disable=SC2034 # read by the stories
# SPDX-License-Identifier: MIT
# What the stories of `migrate` have besides lab.sh: docker's config.json with logins in it, calls
# whose every output is searched for secrets, system calls that fail or kill, and mounts.

# Only a story that puts somebody at a terminal has one.
if { : </dev/tty; } 2>/dev/null; then
  exec setsid --wait bash "$0" "$@" </dev/null
fi
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

MIGRATE_SOURCE=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
[[ -n $LAB && $HOME == "$LAB/home" ]] || exit 1
CONFIG=$HOME/.docker/config.json
mkdir -m 0700 "$HOME/.docker"
: >"$LAB/secrets"

# --- config.json ---------------------------------------------------------------------------------

# secret TEXT…: no output and, when all is done, no file may hold it, nor its base64.
secret() {
  local text
  for text; do printf '%s\n' "$text" "$(base64 -w0 <<<"$text" | tr -d =)"; done >>"$LAB/secrets"
}

# auth USERNAME SECRET: the value of docker's field of that name.
auth() {
  local encoded
  encoded=$(printf '%s:%s' "$1" "$2" | base64 -w0)
  secret "$2"
  printf '%s\n' "${encoded%%=*}" >>"$LAB/secrets"
  printf %s "$encoded"
}

# login SERVER USERNAME SECRET: a member of "auths", as docker writes it.
login() { printf '"%s":{"auth":"%s"}' "$1" "$(auth "$2" "$3")"; }

# config TEXT [FILE]: these bytes, mode 0600; what keeps() compares with.
config() {
  local file=${2:-$CONFIG}
  rm -f "$file"
  (umask 077 && printf %s "$1" >"$file")
  cp "$file" "$LAB/before"
}

# keeps [FILE [WHAT]]: it is as config() wrote it, and alone.
keeps() {
  local file=${1:-$CONFIG}
  same_file "$LAB/before" "$file" "${file##*/}${2:+, $2}"
  alone "$file" "${2:-}"
}

# becomes TEXT [FILE]: these bytes.
becomes() {
  printf %s "$1" >"$LAB/wanted"
  same_file "$LAB/wanted" "${2:-$CONFIG}" 'config.json'
}

# alone [FILE [WHAT]]: nothing of ours is left beside it.
alone() {
  local file=${1:-$CONFIG} left
  left=$(find "${file%/*}/" -maxdepth 1 -name "${file##*/}?*" -printf '%f ')
  equal '' "$left" "beside ${file##*/}${2:+, $2}"
}

# no_plaintext: no file of this home holds a secret, the keyring's own left out.
no_plaintext() {
  local found
  [[ -s $LAB/secrets ]] || fail 'no secret to look for'
  found=$(grep -rlFf "$LAB/secrets" --exclude-dir=keyrings "$HOME" || true)
  equal '' "$found" 'files with a secret'
}

# nothing_stored [WHAT]
nothing_stored() { equal 0 "$(items docker_cli 1)" "items in the keyring${1:+, $1}"; }

# forget_all: as on the first day, save for config.json.
forget_all() {
  secret-tool clear docker_cli 1 2>/dev/null || true
  rm -rf "$HOME/.local/state"
}

# stored SERVER: "USERNAME SECRET" as a client that is not ours reads it; empty if there is none.
stored() {
  secret-tool search server "$1" docker_cli 1 2>&1 |
    sed -n 's/^secret = //p; s/^attribute\.username = /\t/p' | sort | paste -sd ' ' | tr -d '\t'
}

# --- podman, skopeo and buildah ------------------------------------------------------------------

DROP_IN=$HOME/.config/containers/registries.conf.d/99-docker-credential-keyring.conf

AUTH_FILE=$XDG_RUNTIME_DIR/containers/auth.json # where their logins go
LASTING_FILE=$HOME/.config/containers/auth.json # and where people put them

# auth_file TEXT [FILE]: an auth.json; what keeps() compares with.
auth_file() {
  local file=${2:-$AUTH_FILE}
  mkdir -p "${file%/*}"
  config "$1" "$file"
}

# helpers_file TEXT FILE: a file of registries.conf's kind.
helpers_file() {
  mkdir -p "${2%/*}"
  printf '%s\n' "$1" >"$2"
}

# asks HELPER…: whom our drop-in names. asks_nobody: there is none of ours.
asks() {
  local wanted
  wanted=$(printf '"%s", ' "$@")
  equal "credential-helpers = [${wanted%, }]" "$(tail -n 1 "$DROP_IN")" "${DROP_IN##*/}"
}

asks_nobody() { [[ ! -e $DROP_IN ]] || fail "expected no drop-in of ours, got «$(clip "$DROP_IN")»"; }

# finds SERVER [USERNAME]: whom skopeo finds to be logged in there; nobody without USERNAME.
finds() {
  local status=0 found
  found=$(skopeo login --get-login "$1" 2>"$LAB/skopeo.err") || status=$?
  if ((status)); then
    grep -q 'not logged in' "$LAB/skopeo.err" || fail "skopeo, $1: $(clip "$LAB/skopeo.err")"
  fi
  equal "${2:-}" "$found" "the login that skopeo finds for $1"
}

# containers_ask_us: they do so already, and migrate has nothing to write for them.
containers_ask_us() {
  mkdir -p "${DROP_IN%/*}"
  echo 'credential-helpers = ["keyring"]' >"${DROP_IN%/*}/00-ours.conf"
}

# --- calls ---------------------------------------------------------------------------------------

# migrate [OPTION…]: $STATUS, $OUT, $ERR as after call().
migrate() { run docker-credential-keyring migrate "$@"; }

# run COMMAND…: the same for a command that ends in ours.
run() {
  LAST_CALL=$*
  : >"$LAB/in"
  STATUS=0
  timeout -k 5 "$LIMIT" "${WATCH[@]}" "$@" </dev/null >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  OUT=$(<"$LAB/out") ERR=$(<"$LAB/err")
  if ((STATUS == 124)); then fail "hangs: no end within $LIMIT s"; fi
  ((STATUS <= 3 || STATUS == ${MAY_EXIT:-0})) || fail "exit: expected 0 to 3, got $STATUS"
  if [[ $ERR == *"runtime error:"* || $ERR == *Sanitizer* ]]; then fail 'a sanitizer complains'; fi
  ! grep -qFf "$LAB/secrets" "$LAB/out" "$LAB/err" || fail 'a secret is in the output'
}

# at_terminal STEP… -- COMMAND…: the same, with somebody at a terminal who does these steps
# (at_terminal.py); $SCREEN is what was to be read there.
at_terminal() {
  LAST_CALL="at a terminal: $*"
  : >"$LAB/in"
  STATUS=0
  /usr/bin/python3 "$LAB_SOURCE/at_terminal.py" --limit "$LIMIT" --out "$LAB/out" --err "$LAB/err" \
    --screen "$LAB/screen" "$@" 2>"$LAB/sitter" || STATUS=$?
  touch "$LAB/out" "$LAB/err"
  OUT=$(<"$LAB/out") ERR=$(<"$LAB/err") SCREEN=$(<"$LAB/screen")
  ((STATUS <= 3)) || fail "exit: expected 0 to 3, got $STATUS: $(<"$LAB/sitter"); screen: «$SCREEN»"
  ! grep -qFf "$LAB/secrets" "$LAB/out" "$LAB/err" "$LAB/screen" || fail 'a secret is in the output'
}

# exits CODE [WHAT]
exits() { equal "$1" "$STATUS" "exit${2:+, $2}"; }

# says TEXT…: each stands in stdout or stderr, in either case of letters.
says() {
  local text said=$OUT$'\n'$ERR
  for text; do [[ ${said,,} == *"${text,,}"* ]] || fail "expected the output to say «$text»"; done
}

says_not() {
  local text said=$OUT$'\n'$ERR
  for text; do [[ ${said,,} != *"${text,,}"* ]] || fail "expected the output not to say «$text»"; done
}

# line_of SERVER: what the table says of it.
line_of() { grep -F " $1 " "$LAB/out" || true; }

# tells SERVER ACTION [TEXT…]: the table has one line that names it, with the action and the texts.
tells() {
  local line text
  line=$(line_of "$1")
  equal 1 "$(grep -c . <<<"$line")" "lines that name $1"
  for text in "${@:2}"; do
    [[ ${line,,} == *"${text,,}"* ]] || fail "expected the line of $1 to say «$text», got «$line»"
  done
}

# reports FILTER EXPECTED: of the JSON document.
reports() { equal "$2" "$(jq -r "$1" "$LAB/out")" "--json: $1"; }

# refused [WHAT]: exit 1, a message on stderr, and nothing happened. --json has it in its document.
refused() {
  exits 1 "${1:-}"
  keeps "${FILE:-$CONFIG}" "${1:-}"
  says_not moved
  if [[ $LAST_CALL == *--json* ]]; then
    reports '.error.message | length > 0' true
  else
    [[ -n $ERR ]] || fail "${1:-refused}: expected a message on stderr"
  fi
}

# cured [WHAT]: the message names what to do.
cured() {
  grep -qiE '\b(run|install|mount|make|free|give|chmod|chown|put|use|move|delete|remove|repair|fix|try|take|let|unlock|start|answer)\b' \
    "$LAB/out" "$LAB/err" || fail "${1:-refused}: expected the message to name a cure"
}

# --- faults --------------------------------------------------------------------------------------

# start_faulty OPTION…: faulty_service.py on the bus at hand; its options, and fake_service.py's.
start_faulty() {
  : >"$LAB/calls"
  rm -f "$LAB/ready"
  start fake /usr/bin/python3 "$MIGRATE_SOURCE/faulty_service.py" --log "$LAB/calls" \
    --state "$LAB/state" --ready "$LAB/ready" "$@"
  FAKE_PID=$STARTED
  wait_until test -e "$LAB/ready"
}

# holds JSON: what the fake service has, as {"server": ["username", "secret"]}.
holds() {
  equal "$(jq -cS . <<<"$1")" \
    "$(jq -cS 'map({(.server): [.username, .secret]}) | add // {}' "$LAB/state")" 'the store'
}

# traced STRACE-OPTION… [-- OPTION…]: migrate under strace; 137 where that kills. No leak check: it
# wants to be the one that traces. The shell between takes bash's word on who was killed.
traced() {
  local options=()
  while (($#)) && [[ $1 != -- ]]; do options+=("$1") && shift; done
  # shellcheck disable=SC2016
  ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 run bash -c '"$@"; exit $?' bash \
    strace -qq -o "$LAB/trace" "${options[@]}" docker-credential-keyring migrate "${@:2}"
}

# trace_once [-- OPTION…]: without a fault, for points().
trace_once() {
  traced "$@"
  cp "$LAB/trace" "$LAB/whole"
}

# points SYSCALL [TEXT]: the numbers, for strace's when=, of the calls of this name that the main
# thread makes from where it first reads config.json, of those that mention TEXT.
points() {
  awk -v name="$1" -v text="${2:-}" '
    index($0, name "(") == 1 { n++ }
    index($0, "/.docker/config.json") { begun = 1 }
    begun && index($0, name "(") == 1 && index($0, text) { print n }' "$LAB/whole"
}

# --- mounts --------------------------------------------------------------------------------------

# with_mounts SCRIPT [OPTION…]: migrate, in a mount namespace where SCRIPT ran before.
with_mounts() {
  local as=() script=$1
  shift
  ((EUID == 0)) || as=(--map-root-user)
  run unshare "${as[@]}" --mount --propagation private \
    bash -ec "$script"$'\nexec docker-credential-keyring migrate "$@"' migrate "$@"
}
