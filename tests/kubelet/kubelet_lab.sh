# shellcheck shell=bash disable=SC2034 # read by the stories
# SPDX-License-Identifier: MIT
# What the stories of `kubelet` have besides vault_lab.sh: requests, answers to the byte, and somebody
# who plays the kubelet.
KUBELET_SOURCE=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

API=credentialprovider.kubelet.k8s.io/v1

# request IMAGE [MEMBERS]: as the kubelet writes it, with more members where given.
request() {
  printf '{"kind":"CredentialProviderRequest","apiVersion":"%s","image":"%s"%s}\n' "$API" "$1" "${2:-}"
}

# asks IMAGE [MEMBERS]: a request to the program on PATH.
asks() {
  request "$@" >"$LAB/request"
  sends "$LAB/request"
}

# sends FILE: the same with any text.
sends() { INPUT=$1 run docker-credential-keyring kubelet; }

# answered MEMBERS [WHAT]: the last call answered this to the byte, less kind and apiVersion.
answered() {
  exits 0 "${2:-the request}"
  printf '{"kind":"CredentialProviderResponse","apiVersion":"%s",%s}\n' "$API" "$1" >"$LAB/expected"
  same_file "$LAB/expected" "$LAB/out" "answer${2:+ to $2}"
}

# gets IMAGE SCOPE KEY USERNAME PASSWORD: a credential, and nothing on stderr.
gets() {
  asks "$1"
  answered "\"cacheKeyType\":\"$2\",\"cacheDuration\":\"10m0s\",\"auth\":{\"$3\":$(
    jq -cn --arg u "$4" --arg p "$5" '{username: $u, password: $p}'
  )}" "$1"
  silent "$1"
}

# gets_nothing IMAGE: there is no credential, which is no failure; $ERR may have a note.
gets_nothing() {
  asks "$1"
  answered '"cacheKeyType":"Image","cacheDuration":"0s"' "$1"
}

# refused TEXT [WHAT]: the last call failed, said so on stderr alone, which the kubelet logs.
refused() {
  exits 1 "${2:-the request}"
  equal '' "$OUT" "stdout${2:+, $2}"
  [[ $ERR == 'docker-credential-keyring: '* ]] || fail "${2:-the request}: expected a reason on stderr"
  says "$1"
}

# plays_kubelet CONFIG IMAGE…: $LAB/pulls has a line for each; the program runs as on PATH.
plays_kubelet() {
  timeout -k 5 "$LIMIT" /usr/bin/python3 "$KUBELET_SOURCE/kubelet.py" "$1" "$LAB/bin" "${@:2}" \
    >"$LAB/pulls" 2>"$LAB/kubelet.log" || fail "the kubelet refuses: $(tail -n 1 "$LAB/kubelet.log")"
}

# pulls FILTER: of the lines of the last plays_kubelet, as one list.
pulls() { jq -cs "$1" "$LAB/pulls"; }
