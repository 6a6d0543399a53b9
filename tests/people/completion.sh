#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Completion in bash, zsh and fish: commands, options, servers by the index, key ids, helpers, files. Nobody is
# asked, and no store is opened.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

make_vault_with_key
store reg.example:5000 ada s3
store other.example bob t4
vault key add --key-file "$LAB/second"
first=$(header '.slots[0].id')
printf '#!/bin/sh\n' >"$LAB/bin/docker-credential-pass"
chmod 0755 "$LAB/bin/docker-credential-pass"
mkdir "$LAB/tmp/folder-of-files"
: >"$LAB/tmp/file.json"

# words TYPED…: of which the last is not finished.
words() { docker-credential-keyring completion words "$@" | cut -f1 | sort | paste -sd' '; }
offers() {
  local expected=$1
  shift
  equal "$expected" "$(words "$@")" "words for «$*»"
}
offers 'migrate' mig
offers 'remove restore' re
offers 'create' vault c
offers 'add list remove' vault key ''
offers '--keep-data-key' vault key remove --k
offers '--json' ls --j
offers 'other.example reg.example:5000' remove ''
offers 'reg.example:5000' export --format docker reg
offers 'docker kubernetes' export --format ''
offers 'pass' migrate --from p
offers 'other.example reg.example:5000' run --add ''
offers '' run --add reg.example:5000 -u ci --password-env V -- ''
offers ':files' migrate --config ''
offers ':files' vault create --key-file /et
offers 'bash fish zsh' completion ''
[[ " $(words vault key remove '') " == *" $first "* ]] || fail "key ids: $(words vault key remove '')"
offers '' nonsense x
offers '' vault unlock --for ''

# --- a name that a shell would take for more than a word is not offered
# shellcheck disable=SC2016
for server in 'reg.ex$(touch${IFS}/tmp/owned)' 'with space.example' 'back\slash.example' 'a`b`.example' "quote'.example" 'semi;colon.example'; do
  store "$server" eve u5
done
offers 'other.example reg.example:5000' remove ''

# --- nothing is opened for it: not the vault's key, no bus
strace -f -e trace=openat,connect -o "$LAB/trace" docker-credential-keyring completion words remove '' >"$LAB/out"
! grep -E "$KEY_FILE|AF_UNIX" "$LAB/trace" || fail 'completion opened the key, or called the bus'

# --- bash
in_bash() {
  # shellcheck disable=SC2016
  bash --norc -c 'source <(docker-credential-keyring completion bash)
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _docker_credential_keyring docker-credential-keyring "${COMP_WORDS[COMP_CWORD]}" ""
    printf "%s\n" "${COMPREPLY[@]}"' _ docker-credential-keyring "$@" | sort | paste -sd' '
}
equal migrate "$(in_bash mig)" 'bash: a command'
equal '--dry-run' "$(in_bash migrate --d)" 'bash: an option'
equal 'reg.example:5000' "$(in_bash remove reg)" 'bash: a server'
equal '5000' "$(in_bash remove reg.example : 50)" 'bash: a server, taken apart at the colon'
equal "$LAB/tmp/file.json" "$(in_bash migrate --config "$LAB/tmp/file")" 'bash: a file'
complete=$(bash --norc -c 'source <(docker-credential-keyring completion bash); complete -p docker-credential-keyring')
equal 'complete -F _docker_credential_keyring docker-credential-keyring' "$complete" 'bash: what is registered'

# --- fish
in_fish() {
  # shellcheck disable=SC2016
  fish --no-config -c 'docker-credential-keyring completion fish | source; complete -C "$argv"' \
    -- "docker-credential-keyring $*" | cut -f1 | sort | paste -sd' '
}
equal migrate "$(in_fish mig)" 'fish: a command'
equal '--dry-run' "$(in_fish migrate --d)" 'fish: an option'
equal 'reg.example:5000' "$(in_fish remove reg)" 'fish: a server'
[[ $(in_fish migrate --config "$LAB/tmp/fi") == *file.json* ]] || fail 'fish: a file'

# --- zsh
in_zsh() { LIMIT=$LIMIT /usr/bin/zsh -f "$LAB_SOURCE/type_in_zsh" "docker-credential-keyring $1" "$2" || fail "zsh: $1"; }
in_zsh mig 'migrate'
in_zsh 'migrate --dr' '--dry-run'
in_zsh 'remove reg' 'reg.example:5000'
in_zsh 'vault key rem' 'remove'
