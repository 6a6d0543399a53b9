#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What cannot move stays as it is, is named with the reason, and keeps working where it worked. Once
# it can move, it does, and its exception goes.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
secret reg.token-of-hub

# --- a registrytoken alone is no login: named, exit 0
config '{"auths":{"rt.example":{"registrytoken":"reg.token-of-hub"}}}'
migrate
exits 0 registrytoken
tells rt.example kept registrytoken
becomes '{"auths":{"rt.example":{"registrytoken":"reg.token-of-hub"}},"credsStore":"keyring"}'
nothing_stored
migrate --json
exits 0 'registrytoken again'
reports '.files[0].entries[0].action' kept

# --- a login moves; the registrytoken and fields that docker does not know stay beside it
config "{\"auths\":{\"h.example\":{\"x-note\":\"mine\",\"auth\":\"$(auth ada secret-of-ada)\",\"registrytoken\":\"reg.token-of-hub\"}}}"
migrate
exits 0 'registrytoken beside a login'
tells h.example moved registrytoken x-note
becomes '{"auths":{"h.example":{"x-note":"mine","registrytoken":"reg.token-of-hub"}},"credsStore":"keyring"}'
has h.example ada secret-of-ada
forget_all

# --- the undecodable stay; the rest goes on; exit 3
url_safe=$(printf 'ada:~~~?~>secret' | base64 -w0 | tr +/ -_)
no_padding=$(printf 'ada:secret-x' | base64 -w0 | tr -d =)
[[ $url_safe == *[-_]* ]] || fail 'expected a url-safe character'
printf '%s\n' "$url_safe" "$(base64 -w0 <<<secret-without-colon | tr -d =)" >>"$LAB/secrets"
config "{\"auths\":{
 \"bad64.example\":{\"auth\":\"!!not-base64!!\"},
 \"urlsafe.example\":{\"auth\":\"$url_safe\"},
 \"nopad.example\":{\"auth\":\"${no_padding}A\"},
 \"nocolon.example\":{\"auth\":\"$(printf secret-without-colon | base64 -w0)\"},
 \"nouser.example\":{\"auth\":\"$(auth '' secret-without-user)\"},
 \"nopass.example\":{\"auth\":\"$(printf 'ada:' | base64 -w0)\"},
 \"number.example\":{\"auth\":7},
 $(login good.example bob secret-of-bob)
}}"
migrate
exits 3 undecodable
for server in bad64 urlsafe nopad nocolon nouser nopass number; do tells "$server.example" kept; done
tells bad64.example base64
tells nocolon.example colon
tells nouser.example username
tells nopass.example password
tells good.example moved
says_not '!!not-base64!!'
has good.example bob secret-of-bob
for server in bad64 urlsafe nopad nocolon nouser nopass number; do
  equal "$(jq -c ".auths[\"$server.example\"]" "$LAB/before")" "$(jq -c ".auths[\"$server.example\"]" "$CONFIG")" "$server"
done
equal '{}' "$(jq -c '.auths["good.example"]' "$CONFIG")" 'entry of good.example'
# Docker can read one of these: an empty password. It goes on doing so.
equal '{"nopass.example":""}' "$(jq -c .credHelpers "$CONFIG")" credHelpers
equal keyring "$(jq -r .credsStore "$CONFIG")" credsStore
cp "$CONFIG" "$LAB/before"
migrate
exits 3 'undecodable again'
keeps
forget_all

# --- a key with a path: the exception stands under the name that docker asks for
config '{"auths":{"https://old.example/v1/":{"username":"ada","password":""}}}'
migrate
exits 3 'empty password'
equal '{"old.example":""}' "$(jq -c .credHelpers "$CONFIG")" credHelpers
equal ada "$(jq -r '.auths["https://old.example/v1/"].username' "$CONFIG")" username

# --- kept for another login in the keyring; moved later by --replace, and the exception goes
store h.example old secret-of-old
config "{\"auths\":{$(login h.example new secret-of-new),$(login other.example bob secret-of-bob)},\"credHelpers\":{\"mine.example\":\"ecr-login\"}}"
migrate
exits 3 'another login stored'
tells h.example kept --replace
tells other.example moved
equal '{"mine.example":"ecr-login","h.example":""}' "$(jq -c .credHelpers "$CONFIG")" credHelpers
equal "$(jq -c '.auths["h.example"]' "$LAB/before")" "$(jq -c '.auths["h.example"]' "$CONFIG")" entry
has h.example old secret-of-old
migrate --replace
exits 0 --replace
tells h.example moved
equal '{"mine.example":"ecr-login"}' "$(jq -c .credHelpers "$CONFIG")" credHelpers
equal '{}' "$(jq -c '.auths["h.example"]' "$CONFIG")" entry
has h.example new secret-of-new
equal 1 "$(items server h.example)" 'items of h.example'
no_plaintext

# --- the same, where the exception was the only one: credHelpers goes with it
forget_all
store h.example old secret-of-old
config "{\"auths\":{$(login h.example new secret-of-new)}}"
migrate
exits 3 'another login stored'
equal '{"h.example":""}' "$(jq -c .credHelpers "$CONFIG")" credHelpers
erase h.example
migrate
exits 0 'the other login erased'
becomes '{"auths":{"h.example":{}},"credsStore":"keyring"}'
has h.example new secret-of-new

# --- with the same login stored already there is no conflict
forget_all
store h.example ada secret-of-ada
config "{\"auths\":{$(login h.example ada secret-of-ada)}}"
migrate
exits 0 'the same login stored'
becomes '{"auths":{"h.example":{}},"credsStore":"keyring"}'
has h.example ada secret-of-ada

# --- a part of a registry: podman and its kin find it in files alone, so it stays there; it is stored
# too, for those who ask a helper for it. Docker, which knows no parts, takes it for the registry
forget_all
config "{\"auths\":{$(login quay.example ada secret-of-ada),$(login quay.example/team eve secret-of-eve)}}"
migrate
exits 3 'a part of a registry'
tells quay.example moved
tells quay.example/team kept 'part of a registry' 'is in the keyring too'
equal "$(jq -cS '.auths["quay.example"] = {} | .credsStore = "keyring"' "$LAB/before")" "$(jq -cS . "$CONFIG")" config.json
has quay.example ada secret-of-ada
has quay.example/team eve secret-of-eve
has quay.example/team/app eve secret-of-eve
forget_all
config "{\"auths\":{$(login quay.example/team eve secret-of-eve)}}"
migrate
exits 3 'a part alone'
equal null "$(jq -c .credHelpers "$CONFIG")" credHelpers
has quay.example eve secret-of-eve
forget_all
store quay.example ada secret-of-ada
config "{\"auths\":{$(login quay.example/team eve secret-of-eve)}}"
migrate
exits 3 'a part of a registry that is stored'
tells quay.example/team kept 'is in the keyring too' 'podman, skopeo and buildah find the stored one for quay.example'
equal '{"quay.example":""}' "$(jq -c .credHelpers "$CONFIG")" 'docker goes on finding the login of the part'
has quay.example ada secret-of-ada
has quay.example/team eve secret-of-eve

# --- more behind the host than /v1/: docker asks for the host, and so it is stored
forget_all
config "{\"auths\":{$(login https://path.example/some/where ada secret-of-ada)}}"
migrate
exits 0 'a path behind a scheme'
has path.example ada secret-of-ada
equal '{"https://path.example/some/where":{}}' "$(jq -c .auths "$CONFIG")" auths
