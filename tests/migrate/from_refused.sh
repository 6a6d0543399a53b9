#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What migrate --from does not take up: helpers that keep nothing, are not there, or misbehave. Nothing is
# stored, no file is changed, no secret is told, and nothing takes longer than it may.
. "${BASH_SOURCE[0]%/*}/from_lab.sh" || exit 1

start_session
watch_waits
config '{"auths":{"h.example":{}},"credsStore":"other"}'
secret secret-of-ada

# untouched WHAT TEXT…
untouched() {
  refused "$1"
  says "${@:2}"
  nothing_stored "$1"
}

# --- the command line
migrate --erase-source
exits 2 '--erase-source alone'
migrate --from
exits 2 '--from without a name'
migrate --from ''
exits 2 '--from with an empty name'
for name in ../other 'a b' 'ö' keyring; do
  migrate --from "$name"
  untouched "--from $name"
done
says 'this program itself'
ln -s "$HELPER" "$LAB/bin/docker-credential-ours"
migrate --from ours
untouched 'a link to this program' 'this program itself'

# --- tokens that last for hours; nobody is asked for one
for name in ecr-login gcloud gcr acr-env acr-linux; do
  program "$name" <<'END'
#!/bin/sh
echo "$0 $*" >>"$LAB/asked"
END
  migrate --from "$name" --erase-source
  untouched "$name" "docker-credential-$name" 'tokens' credHelpers
done
[[ ! -e $LAB/asked ]] || fail "asked: $(<"$LAB/asked")"

# --- not there
migrate --from desktop.exe
untouched desktop.exe 'docker-credential-desktop.exe is not on PATH'
cured desktop.exe

# --- docker asks a third one for everything
program third <<<$'#!/bin/sh\necho {}'
migrate --from third
untouched third "$CONFIG" 'another helper, other'
cured third

# other CASE…: a helper that does this for an action.
other() {
  # shellcheck disable=SC2016
  printf '#!/bin/bash\ncase $1 in\n%s\nesac\n' "$*" | program other
}
one='list) echo '\''{"h.example":"ada"}'\'' ;;'
answer=$(credential h.example ada secret-of-ada)

# --- it cannot list
other '*) echo "list is not implemented"; exit 1 ;;'
migrate --from other
untouched 'no list' 'docker-credential-other list: list is not implemented'
advised 'no list'

# --- it answers with what is no answer
for list in nonsense '[]' '"h.example"' "$answer" '{"h.example":' ''; do
  other "list) echo '$list' ;; get) echo '$answer secret-of-ada' ;;"
  migrate --from other
  untouched "list: $list"
done
for get in 'secret-of-ada' "$answer $answer" "${answer%\}}" '["secret-of-ada"]' ''; do
  other "$one get) echo '$get' ;;"
  migrate --from other
  untouched "get: $get" 'not that of a credential helper'
done

# --- it fails, and tells the secret
other "$one get) echo '$answer'; echo '$answer' >&2; exit 1 ;;"
migrate --from other
untouched 'a secret in a failure' 'docker-credential-other get'
says_not secret-of-ada
other "$one"$' get) printf \'no key\\e[31m\\nsecret-of-ada\\n\'; exit 1 ;;'
migrate --from other
untouched 'more than a line' 'no key'
! grep -q $'\e' "$LAB/out" "$LAB/err" || fail 'an escape character is in the output'
other "$one get) head -c 5000 /dev/zero | tr '\\0' x; exit 1 ;;"
migrate --from other
untouched 'a long line'
at_most 400 "$(wc -c <"$LAB/out")" 'bytes of a message'

# --- it dies, floods, hangs
other "$one get) kill -SEGV \$\$ ;;"
migrate --from other
untouched 'it dies'
for action in list get; do
  other "${one/#list/not-$action} $action) yes '{' ;; $one"
  migrate --from other
  untouched "floods, $action" 'more than'
  other "$action) sleep 300 | sleep 300 ;; $one"
  settings '{"prompt_timeout_s": 1}'
  migrate --from other
  settings '{}'
  untouched "hangs, $action" 'no answer within 1 second'
  waited_at_most 8000 "hangs, $action"
done

# --- what it is given
other "*) env >'$LAB/env'; ls -l /proc/self/fd >'$LAB/fds'; { : </dev/tty; } 2>/dev/null && : >'$LAB/tty'; exit 1 ;;"
LD_LIBRARY_PATH=/nowhere DOCKER_CREDENTIAL_KEYRING_VAULT=/nowhere MARK=mine migrate --from other
untouched 'its environment'
grep -qx MARK=mine "$LAB/env" || fail 'expected the helper to get our environment'
grep -qx "HOME=$HOME" "$LAB/env" || fail 'expected the helper to get our HOME'
! grep -qE '^(LD_|DOCKER_CREDENTIAL_KEYRING_)' "$LAB/env" || fail "got $(grep -E '^(LD|DOCKER)_' "$LAB/env")"
[[ ! -e $LAB/tty ]] || fail 'expected it to have no terminal'
