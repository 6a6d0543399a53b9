# shellcheck shell=bash disable=SC2034,SC2119,SC2120,SC2153 # read and called by the stories
# SPDX-License-Identifier: MIT
# What the stories of doctor have besides vault_lab.sh: its findings as JSON, and its commands, run as
# they are printed.
if [[ -z ${VAULT_SOURCE:-} ]]; then
  . "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1
fi

CONFIG=$HOME/.docker/config.json
mkdir -m 0700 "$HOME/.docker"
: >"$LAB/secrets"

# --- files with logins ---------------------------------------------------------------------------

# login SERVER USERNAME SECRET: a member of "auths"; no output may hold the secret from now on.
login() {
  local encoded
  encoded=$(printf '%s:%s' "$2" "$3" | base64 -w0)
  printf '%s\n' "$3" "${encoded%%=*}" >>"$LAB/secrets"
  printf '"%s":{"auth":"%s"}' "$1" "$encoded"
}

# config TEXT [FILE]: these bytes, mode 0600.
config() {
  local file=${2:-$CONFIG}
  mkdir -p "${file%/*}"
  rm -f "$file"
  (umask 077 && printf %s "$1" >"$file")
}

# ours [MEMBERS]: a config.json that names us, with these logins in it.
ours() { config "{\"auths\":{${1:-}},\"credsStore\":\"keyring\"}"; }

# --- findings ------------------------------------------------------------------------------------

# doctor [OPTION…]: as run(); no secret is in what it says. $PROGRAM is asked, by its name if unset.
doctor() {
  run "${PROGRAM:-docker-credential-keyring}" doctor "$@"
  if [[ -s $LAB/secrets ]] && grep -qFf "$LAB/secrets" "$LAB/out" "$LAB/err"; then
    fail 'a secret is in the output'
  fi
}

# examine [OPTION…]: its findings in $LAB/findings. The exit status says whether there is one to fix.
examine() {
  doctor --json "$@"
  cp "$LAB/out" "$LAB/findings"
  jq -e 'keys == ["facts", "findings", "healthy", "version"] and .version == 1 and
      all(.findings[]; keys == ["command", "id", "severity", "text"] and .text != "")' \
    "$LAB/findings" >"$LAB/verdict" || fail 'expected the document of doctor'
  equal "$(jq 'if .healthy then 0 else 1 end' "$LAB/findings")" "$STATUS" 'exit of doctor'
  equal "$(jq 'all(.findings[]; .severity == "info")' "$LAB/findings")" \
    "$(jq .healthy "$LAB/findings")" healthy
}

# fact FILTER: of the last examination.
fact() { jq -r ".facts$1" "$LAB/findings"; }

# field ID FIELD: of the first finding of this id; empty if there is none.
field() { jq -r --arg id "$1" "[.findings[] | select(.id == \$id) | .$2][0] // \"\"" "$LAB/findings"; }

# found ID SEVERITY [TEXT…]: the last examination has it, and its text says so.
found() {
  local text
  equal "$2" "$(field "$1" severity)" "severity of $1 in $(jq -c '[.findings[].id]' "$LAB/findings")"
  for text in "${@:3}"; do
    [[ $(field "$1" text) == *"$text"* ]] || fail "expected $1 to say «$text»: $(field "$1" text)"
  done
}

# finds ID SEVERITY [TEXT…]: doctor is asked, and says so.
finds() {
  examine
  found "$@"
}

finds_not() {
  examine
  equal '' "$(field "$1" severity)" "severity of $1"
}

# healthy: nothing to fix.
healthy() {
  examine
  equal '[]' "$(jq -c '[.findings[] | select(.severity != "info") | .id]' "$LAB/findings")" "to fix${1:+, $1}"
  equal 0 "$STATUS" "exit${1:+, $1}"
}

# problems: the ids of the last examination that are no mere advice.
problems() { jq -r '.findings[] | select(.severity == "problem") | .id' "$LAB/findings" | sort -u; }

# mended ID SEVERITY [TEXT…]: it is found; its command, run as printed, makes it go, and makes no other
# problem, save for $EXPOSED, which was there and could not be seen.
mended() {
  finds "$@"
  problems >"$LAB/before"
  run_command "$(field "$1" command)"
  finds_not "$1"
  problems >"$LAB/after"
  equal "${EXPOSED:-}" "$(comm -13 "$LAB/before" "$LAB/after" | paste -sd ' ')" "problems that the cure of $1 makes"
}

# mended_at_terminal STEP… -- ID SEVERITY [TEXT…]: the same with somebody at the terminal, also when
# doctor is asked: it may say more there.
mended_at_terminal() {
  local steps=() command
  while [[ $1 != -- ]]; do steps+=("$1") && shift; done
  shift
  at_terminal -- docker-credential-keyring doctor --json
  cp "$LAB/out" "$LAB/findings"
  found "$@"
  command=$(field "$1" command)
  [[ -n $command ]] || fail "expected a command for $1"
  at_terminal "${steps[@]}" -- bash -c "$command"
  finds_not "$1"
}

# run_command COMMAND: in this shell, so that it may change the environment.
run_command() {
  [[ -n $1 ]] || fail 'expected a command'
  LAST_CALL=$1
  : >"$LAB/in"
  STATUS=0
  eval "$1" >"$LAB/out" 2>"$LAB/err" </dev/null || STATUS=$?
  OUT=$(<"$LAB/out") ERR=$(<"$LAB/err")
}
