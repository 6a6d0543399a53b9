#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every command that takes --json prints what the manual's page of documents says: documents.py compares the page
# with what is printed here, by stores that are open, locked and gone, when all is done, a part of it, and nothing.
# It lies where a node's files do, so it is told in a mount namespace of its own.
. "${BASH_SOURCE[0]%/*}/../lab/own_mounts.sh" || exit 1
. "${BASH_SOURCE[0]%/*}/../doctor/doctor_lab.sh" || exit 1

PEOPLE_SOURCE=$LAB_SOURCE/../people
mount -t tmpfs none /var/lib
mkdir "$LAB/documents"
DOCUMENTS=0

# prints STATUS KIND [OPTION…]: the command KIND prints one document, with this exit status.
prints() {
  local words
  read -ra words <<<"$2"
  run docker-credential-keyring "${words[@]}" --json "${@:3}"
  exits "$1" "$2 ${*:3}"
  keep_document "$2"
}

# keep_document KIND: what stands on stdout is one.
keep_document() {
  jq -es 'length == 1 and .[0].version == 1' "$LAB/out" >"$LAB/verdict" || fail "expected one document: «$OUT»"
  cp "$LAB/out" "$LAB/documents/$1.$((++DOCUMENTS)).json"
}

# error KIND [OPTION…]: it prints why it failed, and nothing beside it.
error() {
  prints "${WITH:-1}" "$@"
  equal '["hint","message","path"]' "$(jq -c '.error | keys' "$LAB/out")" "members of the error of $1"
  silent "$1"
}

# --- nothing there
ours
error 'vault key list'
error restore
rm "$CONFIG"
mkdir "$CONFIG"
error restore --yes
equal "$CONFIG" "$(jq -r .error.path "$LAB/out")" 'path of an error'
rmdir "$CONFIG"
ours
error migrate --config "$HOME/none"
for kind in ls migrate restore doctor 'vault create' 'vault status' 'vault key list' 'vault sync' 'forward --status'; do
  WITH=2 error "$kind" --nonsense
done
prints 0 ls
prints 0 'vault status'
prints 1 doctor

# --- a vault with a key file
config "{\"auths\":{$(login h.example ada word-one),\"empty.example\":{},\"bad.example\":{\"auth\":\"x\"}}}"
prints 0 'vault create' --key-file "$KEY_FILE" --label first
error 'vault create' --key-file "$KEY_FILE"
prints 0 'vault create' --if-missing
prints 3 migrate --dry-run
prints 3 migrate
prints 3 migrate --config "$CONFIG"
config '{"auths":{},"credsStore":"other"}' "$HOME/elsewhere/config.json"
prints 1 migrate --config "$HOME/elsewhere"
config '{' "$HOME/elsewhere/config.json"
error migrate --config "$HOME/elsewhere"
prints 0 ls
prints 0 'vault status'
prints 0 'vault key list'

# --- podman, skopeo and buildah
auth_file=$HOME/.config/containers/auth.json
config "{\"auths\":{$(login quay.example/org eve word-two)}}" "$auth_file"
prints 3 migrate
prints 3 migrate
jq -e '.drop_in.remarks[0]' "$LAB/out" >"$LAB/verdict" || fail "expected a remark: «$OUT»"
prints 1 doctor
rm "$auth_file"

# --- back into files: written, not stored, and kept for the login that the file has
store b.example bob word-three
config "{\"auths\":{$(login b.example eve word-four)},\"credsStore\":\"keyring\",
  \"credHelpers\":{\"c.example\":\"pass\"}}"
prints 1 doctor
prints 3 restore --yes h.example b.example missing.example

# --- a keyring beside it, open and locked; and files of a node
start_session
DOCKER_CREDENTIAL_KEYRING_STORE=keyring store k.example kim word-five
DOCKER_CREDENTIAL_KEYRING_STORE=keyring store b.example bob word-six
ours "$(login l.example leo word-seven)"
config "{\"auths\":{$(login n.example ada word-eight)}}" /var/lib/kubelet/config.json
prints 0 ls
prints 1 doctor --round-trip
prints 0 migrate
lock_warm
mv "$KEY_FILE" "$LAB/key"
vault lock
prints 0 ls
prints 0 'vault status'
prints 1 doctor
error 'vault create' --if-missing
error restore --yes
mv "$VAULT" "$LAB/vault"
prints 0 ls
prints 0 'vault status'

# --- known by the index alone, without a time
write_index '{"i.example": "keyring"}'
prints 0 ls

# --- kept unlocked, here and in a user namespace
forget_vault
quick_vault_with_passphrase 'pass one' --credential a.example ada word-nine
at_terminal --answer 'pass one' -- docker-credential-keyring vault unlock --for 1h
exits 0 'vault unlock'
prints 0 'vault status'
start namespace unshare --user --map-root-user tail --pid=$$ -f /dev/null
wait_until grep -q ' 1$' "/proc/$STARTED/uid_map"
printf a.example >"$LAB/request"
INPUT=$LAB/request at_terminal --answer 'pass one' -- \
  nsenter --user="/proc/$STARTED/ns/user" --preserve-credentials -- docker-credential-keyring get
exits 0 'get, in a user namespace'
prints 0 'vault status'
prints 0 'vault key list'
end_process "$STARTED"

# --- shared, by a place on the web
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=web \
  -addext subjectAltName=IP:127.0.0.1 -keyout "$LAB/web.key" -out "$LAB/web.pem" >"$LAB/noise" 2>&1
mkdir "$LAB/web"
start web /usr/bin/python3 -c '
import functools, http.server, ssl, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.HTTPServer(("127.0.0.1", 0), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2], sys.argv[3])
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()' "$LAB/web" "$LAB/web.pem" "$LAB/web.key"
wait_until grep -q '^[0-9]' "$LAB/web.log"
forget_vault
quick_vault_with_key --credential a.example ada word-nine
mv "$VAULT" "$LAB/web/vault"
run docker-credential-keyring vault join "https://127.0.0.1:$(grep -m 1 '^[0-9]' "$LAB/web.log")/vault" \
  --id "$("$READER" header "$LAB/web/vault" | jq -r .id)" --key-file "$KEY_FILE" --ca "$LAB/web.pem"
exits 0 'vault join'
prints 0 'vault status'
prints 0 'vault sync'
rm "$VAULT"
prints 0 'vault sync'
echo nonsense >"$LAB/web/vault"
error 'vault sync'
prints 0 'vault status'
rm "$VAULT.place"
prints 0 'vault status'
run docker-credential-keyring vault leave
exits 0 'vault leave'

# --- a forward, and home that answers and does not
prints 0 'forward --status'
start forward docker-credential-keyring forward h.example --socket "$LAB/socket"
wait_until test -S "$LAB/socket"
prints 0 'forward --status'
end_process "$STARTED"
start forward docker-credential-keyring forward --all --socket "$LAB/socket"
wait_until test -S "$LAB/socket"
DOCKER_CREDENTIAL_KEYRING_SOCKET=$LAB/socket run docker-credential-keyring doctor --json
keep_document doctor
end_process "$STARTED"
DOCKER_CREDENTIAL_KEYRING_SOCKET=$LAB/socket run docker-credential-keyring doctor --json
keep_document doctor

# --- all of it against the page
page=$SOURCE_DIR/packaging/man/docker-credential-keyring-json.7
findings=$SOURCE_DIR/helper/doctor/findings.h
compare() { "$PEOPLE_SOURCE/documents.py" "$1" "$findings" "$LAB/documents" >"$LAB/faults"; }
compare "$page" || fail "$(<"$LAB/faults")"

# refused SCRIPT TEXT…: of a page that sed's SCRIPT changes, this is said, and nothing else.
refused() {
  local status=0
  sed "$1" "$page" >"$LAB/page"
  ! cmp -s "$page" "$LAB/page" || fail "«$1» changes nothing"
  compare "$LAB/page" || status=$?
  equal 1 "$status" "exit of documents.py, «$1»"
  equal "$(printf '%s\n' "${@:2}")" "$(<"$LAB/faults")" "faults, «$1»"
}
refused '/^\.It Va credentials\[\]\.reach/d' 'ls: the page lacks credentials[].reach'
refused '/^\.It Va error\.path/d' 'error: the page lacks error.path'
refused '/^\.It Va credentials\[\]\.reach/i .It Va credentials[].colour Pq string' \
  'ls: credentials[].colour: no document has it'
refused 's/^\.It Va dry_run Pq boolean/.It Va dry_run Pq string/' \
  "migrate: dry_run: the page says ['string'], the documents have ['boolean']"
refused 's/^\(\.It Va drop_in Pq object\), may be absent/\1/' \
  'migrate: drop_in: a document lacks it, and the page does not say so'
refused 's/^\.Cm moved :/.Cm gone :/' 'migrate: files[].entries[].action: the page does not have its value moved'
refused '/^\.Cm vault-locked ,/d' 'findings: the page lacks vault-locked'
