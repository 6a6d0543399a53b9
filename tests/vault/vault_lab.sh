# shellcheck shell=bash disable=SC2034 # read by the stories
# SPDX-License-Identifier: MIT
# What the stories of the vault have besides lab.sh: vaults made by us or by the second writer, the
# second reader, a terminal with somebody at it, and the kernel's keys, which all stories of a user
# share: those of this story's vaults go at its end.

# Only a story that puts somebody at a terminal has one.
if { : </dev/tty; } 2>/dev/null; then
  exec setsid --wait bash "$0" "$@" </dev/null
fi
VAULT_SOURCE=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

GOLDEN=$VAULT_SOURCE/data
VAULT_FOLDER=$HOME/.local/share/docker-credential-keyring
VAULT=$VAULT_FOLDER/vault
KEY_FILE=$HOME/.config/docker-credential-keyring/key
READER=$VAULT_SOURCE/second_reader.py
READER_KEY=(--key-file "$KEY_FILE")
: >"$LAB/ids"

vault_lab_end() {
  local status=$?
  set +e
  trap - ERR
  note_id
  forget_kernel_keys
  (exit "$status")
  lab_end
}
trap vault_lab_end EXIT

# --- calls ---------------------------------------------------------------------------------------

# vault ARGS…: as call(), save that it may exit with 2 and 3 too. $INPUT is a file for its stdin.
vault() { run docker-credential-keyring vault "$@"; }

# run COMMAND…: the same for a command that ends in ours.
run() {
  LAST_CALL=$*
  cat "${INPUT:-/dev/null}" >"$LAB/in"
  STATUS=0
  timeout -k 5 "$LIMIT" "${WATCH[@]}" "$@" <"$LAB/in" >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  read_any_answer
  note_id
}

read_any_answer() {
  if ((STATUS == 2 || STATUS == 3)); then
    local status=$STATUS
    STATUS=1
    read_answer
    STATUS=$status
  else
    read_answer
  fi
}

# exits CODE [WHAT]
exits() { equal "$1" "$STATUS" "exit${2:+ of $2}"; }

# says TEXT…: each stands in stdout or stderr, in either case of letters.
says() {
  local text said=$OUT$'\n'$ERR
  for text; do [[ ${said,,} == *"${text,,}"* ]] || fail "expected the output to say «$text»"; done
}

says_not() {
  local text said=$OUT$'\n'$ERR
  for text; do [[ ${said,,} != *"${text,,}"* ]] || fail "expected the output not to say «$text»"; done
}

# silent [WHAT]: nothing on stderr.
silent() { equal '' "$ERR" "stderr${1:+ of $1}"; }

# hinted HINT [WHAT]: the last call failed, and this is the command that helps.
hinted() {
  broke "${2:-the call}"
  [[ $ERR == *"hint: "*"$1"* ]] || fail "${2:-the call}: expected the hint «$1»"
}

# --- at a terminal -------------------------------------------------------------------------------

PROMPT="docker-credential-keyring: passphrase for the vault $VAULT: "

# at_terminal STEP… -- COMMAND…: with somebody at a terminal who does these steps (at_terminal.py).
# stdin is $INPUT, stdout and stderr are pipes' ends as docker's; $SCREEN is what was to be read on the
# terminal, $ECHO whether it was left as it was found.
at_terminal() {
  LAST_CALL="at a terminal: $*"
  cat "${INPUT:-/dev/null}" >"$LAB/in"
  STATUS=0
  /usr/bin/python3 "$LAB_SOURCE/at_terminal.py" --limit "$LIMIT" --in "$LAB/in" --out "$LAB/out" \
    --err "$LAB/err" --screen "$LAB/screen" --report "$LAB/report" "$@" 2>"$LAB/sitter" || STATUS=$?
  SCREEN=$(<"$LAB/screen")
  ECHO=$(jq -r '.echo and .canonical' "$LAB/report")
  touch "$LAB/out" "$LAB/err"
  case $STATUS in
  90) OUT=$(<"$LAB/out") ERR=$(<"$LAB/err") && fail "$(<"$LAB/sitter"); screen: «$SCREEN»" ;;
  91) fail "hangs: $(<"$LAB/sitter"); screen: «$SCREEN»" ;;
  12[89] | 1[3-5]?) OUT=$(<"$LAB/out") ERR=$(<"$LAB/err") ;; # a signal: for the story to judge
  *) read_any_answer ;;
  esac
  note_id
}

# call_at_terminal ACTION STDIN STEP…: `call` with somebody there.
call_at_terminal() {
  printf '%s' "$2" >"$LAB/request"
  INPUT=$LAB/request at_terminal "${@:3}" -- docker-credential-keyring "$1"
}

# prompted: how often the screen shows the vault's prompt.
prompted() { { grep -oF "$PROMPT" "$LAB/screen" || true; } | wc -l; }

# prompted_times COUNT [WHAT]
prompted_times() { equal "$1" "$(prompted)" "prompts${2:+ of $2}"; }

# forget_vault_refusals: as if there had been none; it counts for those who come just after.
forget_vault_refusals() { rm -f "$VAULT_FOLDER/prompt.lock"; }

# refused_ago SECONDS: as if the last refusal, which there was, had been then.
refused_ago() {
  equal 8 "$(stat -c %s "$VAULT_FOLDER/prompt.lock")" 'bytes that record a refusal'
  /usr/bin/python3 -c 'import struct, sys, time
now = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
with open(sys.argv[1], "r+b") as file: file.write(struct.pack("=q", now - int(sys.argv[2]) * 10**9))' \
    "$VAULT_FOLDER/prompt.lock" "$1"
}

# not_asked_after_refusal WHAT: get of a.example, just after one, fails without a question. Where the
# machine is so slow that "just after", two seconds, is over before the call is, it is made again.
not_asked_after_refusal() {
  local began
  for _ in {1..20}; do
    refused_ago 0
    began=$SECONDS
    call_at_terminal get a.example --may-end --answer wrong --answer wrong --answer wrong
    failed "$1"
    (($(prompted) && SECONDS - began >= 2)) || break
  done
  prompted_times 0 "$1"
}

# --- vaults --------------------------------------------------------------------------------------

# make_vault_with_key: by ours, with a key file made for it.
make_vault_with_key() {
  vault create --key-file "$KEY_FILE"
  exits 0 'vault create --key-file'
  [[ -f $VAULT && -f $KEY_FILE ]] || fail 'expected a vault and a key file'
}

# make_vault_with_passphrase PASSPHRASE: by ours, at a terminal.
make_vault_with_passphrase() {
  at_terminal --answer "$1" --answer "$1" -- docker-credential-keyring vault create --passphrase
  exits 0 'vault create --passphrase'
  [[ -f $VAULT ]] || fail 'expected a vault'
  reader_has_passphrase "$1"
}

# reader_has_passphrase PASSPHRASE: `reads` uses it from now on.
reader_has_passphrase() {
  printf '%s\n' "$1" >"$LAB/passphrase"
  READER_KEY=(--passphrase-file "$LAB/passphrase")
}

# second_writer_makes OPTION…: a vault at $VAULT by the second writer; its Argon2id is cheap.
second_writer_makes() {
  (umask 077 && mkdir -p "$VAULT_FOLDER")
  "$READER" make "$VAULT" "$@"
  note_id
}

# quick_vault_with_passphrase PASSPHRASE [OPTION…]: the same with a passphrase that costs little.
quick_vault_with_passphrase() {
  reader_has_passphrase "$1"
  second_writer_makes "${READER_KEY[@]}" "${@:2}"
}

# quick_vault_with_key [OPTION…]: the same with a key file where ours puts one.
quick_vault_with_key() {
  make_key_file "$KEY_FILE"
  READER_KEY=(--key-file "$KEY_FILE")
  second_writer_makes "${READER_KEY[@]}" --path "$KEY_FILE" "$@"
}

# make_key_file PATH: random, as ours makes one.
make_key_file() {
  (umask 077 && mkdir -p "${1%/*}")
  (umask 077 && printf 'dck-key-1:%s\n' "$(head -c 32 /dev/urandom | basenc --base64url | tr -d =)" >"$1")
}

# golden NAME: that file of data/ in the vault's place.
golden() {
  (umask 077 && mkdir -p "$VAULT_FOLDER")
  install -m 0600 "$GOLDEN/$1.vault" "$VAULT"
  note_id
}

# forget_vault: as on the first day.
forget_vault() {
  forget_kernel_keys
  rm -rf "$VAULT_FOLDER" "$KEY_FILE" "$HOME/.local/state"
}

# dump [FILTER]: what the second reader finds, through jq.
dump() { "$READER" dump "$VAULT" "${READER_KEY[@]}" | jq -cS "${1:-.}"; }

# reads JSON: it finds just these, {"server": ["username", "secret"]}.
reads() {
  local found
  found=$(dump '.credentials | map_values([.username, .secret])') ||
    fail 'the second reader refuses the vault'
  equal "$(jq -cS . <<<"$1")" "$found" 'credentials by the second reader'
}

# header FILTER: of the file's header, which needs no key.
header() { "$READER" header "$VAULT" | jq -r "$1"; }

# slot_of KIND: the id of the first way of this kind.
slot_of() { header "[.slots[] | select(.kind == \"$1\") | .id][0] // \"\""; }

# status FILTER: of vault status --json.
status() {
  vault status --json
  exits 0 'vault status'
  jq -r "$1" "$LAB/out"
}

# remember FILE…, unchanged [WHAT]: the same bytes, and the same file.
remember() {
  cp -p "$VAULT" "$LAB/remembered"
  REMEMBERED=$(stat -c '%i %a %u' "$VAULT")
}
unchanged() {
  same_file "$LAB/remembered" "$VAULT" "the vault${1:+, $1}"
  equal "$REMEMBERED" "$(stat -c '%i %a %u' "$VAULT")" "inode, mode and owner of the vault${1:+, $1}"
  [[ ! -e $VAULT.new ]] || fail "${1:-}: vault.new was left"
}

# write_index SERVERS: an index that knows all of both stores, {"server": "vault", "other": {"store": …}}.
write_index() {
  local id='' generation=1
  if [[ -f $VAULT ]]; then
    id=$(header .id)
    generation=$(header .generation)
  fi
  mkdir -p "$(dirname "$(index_file)")"
  jq -rn --argjson servers "$1" --arg id "$id" --arg generation "$generation" '"docker-credential-keyring index 1",
    "store\tkeyring\tcomplete\t", "store\tvault:\($id)\tcomplete:\($generation)\t",
    ($servers | map_values(if type == "string" then {store: .} else . end) | to_entries | sort_by(.key)[] |
      "server\t\(.key)\t\([.value.store // empty, .value.also[]?, "\(.value.stale[]?):stale"] | join(","))\t"),
    "end"' >"$(index_file)"
}

# no_trace TEXT…: none stands in any file of this home, nor its base64.
no_trace() {
  local text
  for text; do
    printf '%s\n' "$text"
    printf '%s' "$text" | base64 -w0 | tr -d =
    echo
  done >"$LAB/texts"
  equal '' "$(grep -rlaFf "$LAB/texts" "$HOME" "$XDG_RUNTIME_DIR" "$TMPDIR" || true)" 'files with a secret'
}

# --- the kernel's keys ---------------------------------------------------------------------------

note_id() {
  local id
  [[ -f $VAULT && -r $VAULT ]] || return 0
  id=$(head -c 100000 "$VAULT" | sed -n '2s/.*"id":"\([0-9a-f]\{32\}\)","key":.*/\1/p' | tr -d '\0' 2>/dev/null) || return 0
  [[ -z $id ]] || grep -qx "$id" "$LAB/ids" || echo "$id" >>"$LAB/ids"
}

# kernel_keys: the serial numbers of the keys of this story's vaults, those that we may see.
kernel_keys() {
  local id
  while read -r id; do
    awk -v name="docker-credential-keyring:$id:" '$9 == name { print "0x" $1 }' /proc/keys
  done <"$LAB/ids"
}

# kernel_key: the one that opens the vault at hand; empty if there is none.
kernel_key() { keyctl search @u user "docker-credential-keyring:$(header .id)" 2>/dev/null || true; }

# put_kernel_key FILE: this payload, with the permissions of ours, in the place of what is there.
put_kernel_key() {
  # shellcheck disable=SC2016
  keyctl session - sh -c 'key=$(keyctl padd user "$1" @s <"$2") &&
    keyctl setperm "$key" 0x001b0000 && keyctl link "$key" @u' \
    sh "docker-credential-keyring:$(header .id)" "$1" >"$LAB/noise" 2>&1 || fail "no key: $(<"$LAB/noise")"
}

forget_kernel_keys() {
  local key
  for key in $(kernel_keys); do
    keyctl unlink "$key" @u >/dev/null 2>&1 || keyctl invalidate "$key" >/dev/null 2>&1 || true
  done
}

# tickets: how many lie beside the vault.
tickets() { find "$VAULT_FOLDER" -name 'open-*' | wc -l; }

# --- faults --------------------------------------------------------------------------------------

# traced STRACE-OPTION… -- COMMAND…: under strace, its page in $LAB/trace; killed, it exits with 137.
# No leak check: it wants to be the one that traces. The shell between takes bash's word on who died.
traced() {
  local options=()
  while [[ $1 != -- ]]; do options+=("$1") && shift; done
  shift
  LAST_CALL="traced ${options[*]}: $*"
  cat "${INPUT:-/dev/null}" >"$LAB/in"
  STATUS=0
  # shellcheck disable=SC2016
  ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 timeout -k 5 "$LIMIT" bash -c '"$@"; exit $?' bash \
    strace -f -qq -o "$LAB/trace" "${options[@]}" "$@" <"$LAB/in" >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  OUT=$(<"$LAB/out") ERR=$(<"$LAB/err")
  ((STATUS == 137)) || read_any_answer
}

# points SYSCALL [TEXT]: the numbers, for strace's when=, of the calls of this name in the trace kept as
# $LAB/whole, of those that mention TEXT.
points() {
  awk -v name="$1" -v text="${2:-}" '
    { sub(/^[0-9]+ +/, "") }
    index($0, name "(") == 1 { n++; if (index($0, text)) print n }' "$LAB/whole"
}

# --- other users ---------------------------------------------------------------------------------

OTHER=65534

# as_other COMMAND…: as another user, who may come into $LAB and has no rights beside; in this session.
as_other() {
  chmod 0711 "$LAB"
  setpriv --reuid "$OTHER" --regid "$OTHER" --clear-groups --inh-caps=-all -- "$@"
}
