#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A vault is shared, nodes join it, and have what an admin stores by their next sync. Each command given twice changes
# nothing the second time.
. "${BASH_SOURCE[0]%/*}/fleet_lab.sh" || exit 1

begin_fleet
join_node one
answers one a.example ada old-secret
same_vault "$(copy_of admin)" "$(copy_of one)" 'the copy'
in_the_place node >"$LAB/in-place"
same_vault "$LAB/in-place" "$(copy_of one)" 'what is in the place'

# --- a rotation
login admin a.example ada new-secret
login admin b.example bob s3
answers one a.example ada old-secret
sync_on one
equal 'new: generation 4' "$OUT" 'sync'
answers one a.example ada new-secret
answers one b.example bob s3
sync_on one
equal 'unchanged: generation 4' "$OUT" 'sync'
on one docker-credential-keyring vault sync --json
equal '["unchanged",4,true,[]]' "$(jq -c "[.status, .generation, .majority, .added]" "$LAB/out")" 'the document'
INPUT=<(echo a.example) on admin docker-credential-keyring erase
exits 0 erase
sync_on one
# Not even the index says that it is there still.
INPUT=<(echo a.example) on one docker-credential-keyring get
not_found 'get of what was erased elsewhere'

# --- what a copy does not show yet is erased all the same, and what is nowhere costs no generation
cp -rp "$LAB/admin" "$LAB/second"
login admin d.example dora s3
INPUT=<(echo d.example) on second docker-credential-keyring erase
exits 0 'erase of what the copy does not show'
sync_on admin
INPUT=<(echo d.example) on admin docker-credential-keyring get
not_found 'get of what another admin erased'
INPUT=<(echo d.example) on admin docker-credential-keyring erase
exits 0 'erase of what is nowhere'
sync_on one
equal 'new: generation 7' "$OUT" sync

# --- a kubelet keeps its answer no longer than the next sync is away
request='{"apiVersion":"credentialprovider.kubelet.k8s.io/v1","kind":"CredentialProviderRequest","image":"b.example/app"}'
INPUT=<(echo "$request") on one docker-credential-keyring kubelet
exits 0 kubelet
equal '5m0s s3' "$(jq -r '"\(.cacheDuration) \(.auth["b.example"].password)"' "$LAB/out")" 'the answer for the kubelet'

# --- what answers docker is the copy alone
echo b.example >"$LAB/asked"
INPUT=$LAB/asked traced -e trace=socket,connect,openat -- env HOME="$LAB/one" docker-credential-keyring get
exits 0 get
grep -qF "$(copy_of one | sed 's|/vault$||')" "$LAB/trace" || fail 'strace did not see the copy'
equal '' "$(sed -nE '/(socket|connect)\(/{/AF_UNIX/!p}' "$LAB/trace")" 'sockets of get'
equal '' "$(sed -nE '/lib(curl|ssl|crypto)/p' "$LAB/trace")" 'what get loads for the network'

# --- a node reads, and no more
INPUT=<(credential c.example cleo s3) on one docker-credential-keyring store
exits 1 'store on a node'
says 'permission denied' 'user node' certs/node.pem
for arguments in 'key add --clevis tpm2 {}' 'destroy --yes' 'create --passphrase'; do
  read -ra words <<<"$arguments"
  on one docker-credential-keyring vault "${words[@]}"
  exits 1 "vault $arguments"
done
says 'vault leave'

# --- a machine that has a vault already keeps it
on two docker-credential-keyring vault create --key-file "$LAB/two.key"
login two mine.example zoe own-secret
cp "$(copy_of two)" "$LAB/own"
join_two() {
  on two docker-credential-keyring vault join "$PLACE" --id "$ID" --key-file "$FLEET_KEY" "${NODE_ACCESS[@]}" "$@"
}
for damage in 0 9; do
  truncate -s "-$damage" "$(copy_of two)"
  cp "$(copy_of two)" "$LAB/own.$damage"
  join_two
  exits 1 'join over a vault of its own'
  says --replace
  same_vault "$LAB/own.$damage" "$(copy_of two)" 'the vault of its own'
done
join_two --replace
exits 0 'join --replace'
same_vault "$LAB/own.9" "$(copy_of two).before-"* 'the vault that was put aside'
answers two b.example bob s3

# --- twice
remembered() { (cd "$LAB" && sha256sum {one,admin}/.config/*/* {one,admin}/.local/share/*/vault); }
remembered >"$LAB/before"
join_node one
says 'joined already'
on admin docker-credential-keyring vault share "$PLACE" "${ADMIN_ACCESS[@]}"
exits 0 'share again'
says already "id $ID"
on admin docker-credential-keyring vault share
exits 0 'share again, without a place'
remembered >"$LAB/after"
same_file "$LAB/before" "$LAB/after" 'settings and copies after the second time'

# --- what people see
on one docker-credential-keyring vault status
says "shared at $PLACE" 'last compared with it' "id $ID"
on one docker-credential-keyring vault status --json
equal "$PLACE $ID 7 null" "$(jq -r '.shared | "\(.place) \(.id) \(.generation) \(.refused)"' "$LAB/out")" status
touch -d '3 days ago' "$(copy_of one).place"
INPUT=<(echo b.example) on one docker-credential-keyring get
exits 0 'get of an old copy'
says '3 days ago' "$PLACE"

# --- and back
on one docker-credential-keyring vault leave
exits 0 leave
on one docker-credential-keyring vault leave
exits 0 'leave again'
on one docker-credential-keyring vault sync
exits 1 'sync of what is not shared'
[[ ! -e $(copy_of one).place ]] || fail 'leave leaves its record'
equal '{"key_file":"'"$FLEET_KEY"'"}' "$(jq -c . "$LAB/one/.config/docker-credential-keyring/settings.json")" settings
answers one b.example bob s3
login one c.example cleo s3
answers one c.example cleo s3
