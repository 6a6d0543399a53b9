# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Completion for bash: source <(docker-credential-keyring completion bash)

_docker_credential_keyring() {
  local words=() word line i program=${1:-docker-credential-keyring}
  COMPREPLY=()
  # bash takes reg.example:5000 apart at the colon, and wants the part behind it alone.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((${#words[@]})) && [[ -n $word && ($word == :* || ${words[-1]} == *:) ]]; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
  done
  ((${#words[@]})) || words=('')
  local current=${words[-1]} behind=''
  [[ ${COMP_WORDBREAKS-} != *:* || ${COMP_WORDS[COMP_CWORD]} == "$current" ]] || behind=${current%"${current##*:}"}
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current")
    else
      word=${line%%$'\t'*}
      COMPREPLY+=("${word#"$behind"}")
    fi
  done < <("$program" completion words "${words[@]}" 2>/dev/null)
}

complete -F _docker_credential_keyring docker-credential-keyring
