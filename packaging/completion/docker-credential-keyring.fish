# SPDX-License-Identifier: MIT
# Completion for fish: docker-credential-keyring completion fish | source

function __docker_credential_keyring_words
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    test -n "$current"; or set current ''
    for line in ($typed[1] completion words $typed[2..-1] $current 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path $current
        else
            printf '%s\n' $line
        end
    end
end

complete -c docker-credential-keyring -f -a '(__docker_credential_keyring_words)'
