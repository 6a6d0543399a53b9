#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# export: the documents that it writes, for which servers and under which keys; what it refuses, whole; the
# file that it makes, and never overwrites.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

quick_vault_with_key \
  --credential nexus.example.com:8083 ada 's3:with "é" <&>' \
  --credential https://index.docker.io/v1/ hub h4 \
  --credential token.example '<token>' an-identity-token \
  --credential colon.example a:b w8 \
  --credential quay.example/team bob v6

exports() {
  run docker-credential-keyring export "$@"
  exits 0 "export $*"
}
# refused CODE TEXT WHAT: nothing on stdout, the reason on stderr.
refused() {
  exits "$1" "$3"
  equal '' "$OUT" "stdout, $3"
  says "$2"
  says_not 's3:' h4 an-identity-token w8
}

# --- docker's format, byte for byte as docker writes it, and a newline
exports nexus.example.com:8083 token.example docker.io
silent 'export'
printf '{
\t"auths": {
\t\t"https://index.docker.io/v1/": {
\t\t\t"auth": "%s"
\t\t},
\t\t"nexus.example.com:8083": {
\t\t\t"auth": "%s"
\t\t},
\t\t"token.example": {
\t\t\t"auth": "%s",
\t\t\t"identitytoken": "an-identity-token"
\t\t}
\t}
}
' "$(printf 'hub:h4' | base64 -w0)" "$(printf 'ada:s3:with "é" <&>' | base64 -w0)" \
  "$(printf '00000000-0000-0000-0000-000000000000:' | base64 -w0)" >"$LAB/config.json"
same_file "$LAB/config.json" "$LAB/out" 'config.json'

# --- the same server in another spelling, and twice
exports https://NEXUS.example.com:8083/v2/ quay.example/team/app
equal '["https://NEXUS.example.com:8083/v2/","quay.example/team/app"]' "$(jq -c '.auths | keys' "$LAB/out")" keys
exports index.docker.io docker.io https://index.docker.io/v1 registry-1.docker.io
equal '{"auths":{"https://index.docker.io/v1/":{"auth":"aHViOmg0"}}}' "$(jq -c . "$LAB/out")" 'Docker Hub'
settings '{"namespace_fallback": false}'
run docker-credential-keyring export quay.example/team/app
refused 1 quay.example/team/app 'a namespace, switched off'
settings '{}'

# --- Kubernetes'
exports --format kubernetes nexus.example.com:8083 docker.io
silent 'export --format kubernetes'
equal '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"registry-credentials"},"type":"kubernetes.io/dockerconfigjson"}' \
  "$(jq -c 'del(.data)' "$LAB/out")" manifest
jq -r '.data[".dockerconfigjson"]' "$LAB/out" | base64 -d >"$LAB/decoded"
equal '["https://index.docker.io/v1/","nexus.example.com:8083"]' "$(jq -c '.auths | keys' "$LAB/decoded")" 'keys in it'
exports nexus.example.com:8083 docker.io
same_file "$LAB/out" "$LAB/decoded" 'config.json in the Secret'
exports --format kubernetes --name pull.1 --namespace team-a docker.io
equal '{"name":"pull.1","namespace":"team-a"}' "$(jq -c .metadata "$LAB/out")" names
exports --format kubernetes token.example
says token.example 'identity token, which a kubelet cannot use'
says_not an-identity-token

# --- a username that `auth` cannot hold, as restore writes it
exports colon.example
equal '{"auths":{"colon.example":{"username":"a:b","password":"w8"}}}' "$(jq -c . "$LAB/out")" 'a colon'
says colon.example 'podman, skopeo and buildah'

# --- all or nothing
run docker-credential-keyring export stranger.example nexus.example.com:8083 other.example
refused 1 'no login is stored for stranger.example, other.example' 'two that are not stored'
run docker-credential-keyring export nexus.example.com:8082
refused 1 nexus.example.com:8082 'another port'
run docker-credential-keyring export $'evil.example\e[2J\nsecond line'
refused 1 'evil.example?[2J?second line' 'a name that steers terminals'

# --- wrong use
wrong() {
  run docker-credential-keyring export "$@"
  refused 2 '' "export $*"
  [[ -n $ERR ]] || fail "export $*: expected a word on what is wrong"
}
wrong
wrong --format podman docker.io
wrong --name a docker.io
wrong --namespace a docker.io
wrong --format docker --name a docker.io
for name in A a_b -a a. 'a b' "$(printf 'a%.0s' {1..254})"; do
  wrong --format kubernetes --name "$name" docker.io
done
for space in A a.b a- "$(printf 'a%.0s' {1..64})"; do
  wrong --format kubernetes --namespace "$space" docker.io
done
wrong --output
exports --help
says --output --namespace

# --- a file: ours alone, new, or not at all
file=$LAB/tmp/config.json
(umask 0 && run docker-credential-keyring export --output "$file" nexus.example.com:8083 token.example docker.io && exits 0 --output)
same_file "$LAB/config.json" "$file" 'the file'
equal "600 $EUID" "$(stat -c '%a %u' "$file")" 'mode and owner of the file'
equal '' "$(<"$LAB/out")" 'stdout with --output'
ERR=$(<"$LAB/err")
says "$file" plaintext
run docker-credential-keyring export --output "$file" docker.io
refused 1 'is not overwritten' 'a file that is there'
same_file "$LAB/config.json" "$file" 'the file, asked to be overwritten'
ln -s "$LAB/tmp/target" "$LAB/tmp/link"
run docker-credential-keyring export --output "$LAB/tmp/link" docker.io
refused 1 'is not overwritten' 'a link'
[[ ! -e $LAB/tmp/target ]] || fail 'the link was followed'
run docker-credential-keyring export --output "$LAB/tmp" docker.io
refused 1 'is not overwritten' 'a folder'
run docker-credential-keyring export --output "$LAB/nowhere/file" docker.io
refused 1 'no such file' 'no folder'
run docker-credential-keyring export --output "$LAB/tmp/other" docker.io stranger.example
refused 1 stranger.example 'not stored'
[[ ! -e $LAB/tmp/other ]] || fail 'a file was made for nothing'
traced -e trace=write -- docker-credential-keyring export --output "$LAB/tmp/whole" docker.io
exits 0 'export, traced'
cp "$LAB/trace" "$LAB/whole"
traced -e "inject=write:error=ENOSPC:when=$(points write auths)" -- \
  docker-credential-keyring export --output "$LAB/tmp/other" docker.io
refused 1 'no space left' 'a full disk'
[[ ! -e $LAB/tmp/other ]] || fail 'half a file was left'

# --- a terminal is told; a pipe is not
at_terminal --may-end -- bash -c 'docker-credential-keyring export docker.io >/dev/tty'
exits 0 'export to a terminal'
says plaintext
[[ $SCREEN == *aHViOmg0* ]] || fail 'expected the document on the screen'
run bash -c 'docker-credential-keyring export docker.io >/dev/full'
exits 1 'export to a full disk'
says 'no space left'

# --- a locked vault: the reason, and nothing else
mv "$KEY_FILE" "$LAB/key"
run docker-credential-keyring export docker.io
refused 1 "$KEY_FILE" 'no key'
