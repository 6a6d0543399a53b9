#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A vault in bad surroundings is not used, and not touched: foreign, open to others, in a folder that
# others can write, of another version, behind a planted link, no file at all, too large.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

((EUID == 0)) || fail 'expected to run as root, who alone can give a file away'
make_vault_with_key
store a.example ada s3

# refused WHAT [TEXT…]: get, erase and store fail, say so, and change nothing.
refused() {
  local what=$1 before
  shift
  before=$(find "$VAULT_FOLDER" -mindepth 1 ! -name '*.lock' -printf '%p %i %s %m %U %y\n' | sort)
  call get a.example
  broke "get, $what"
  says vault "$@"
  call erase a.example
  broke "erase, $what"
  call store "$(credential b.example bob t4)"
  broke "store, $what"
  equal "$before" "$(find "$VAULT_FOLDER" -mindepth 1 ! -name '*.lock' -printf '%p %i %s %m %U %y\n' | sort)" \
    "the folder, $what"
  has_not stranger.example
}
# fine WHAT: all is well again.
fine() {
  has a.example ada s3
  reads '{"a.example": ["ada", "s3"]}'
}

# --- the file
for mode in 0640 0604 0620 0602 0666 0610; do
  chmod "$mode" "$VAULT"
  refused "mode $mode"
done
chmod 0600 "$VAULT"
fine
chown "$OTHER" "$VAULT"
refused 'of another user'
chown 0 "$VAULT"
chmod 0400 "$VAULT"
has a.example ada s3
chmod 0600 "$VAULT"

# --- its folder
for mode in 0770 0707 0722 01777; do
  chmod "$mode" "$VAULT_FOLDER"
  refused "folder $mode"
done
chmod 0700 "$VAULT_FOLDER"
chown "$OTHER" "$VAULT_FOLDER"
refused 'folder of another user'
chown 0 "$VAULT_FOLDER"
fine
# Others may look into it: closed, without a word of blame.
chmod 0755 "$VAULT_FOLDER"
has a.example ada s3
store a.example ada s3
equal 700 "$(stat -c %a "$VAULT_FOLDER")" 'mode of the folder, once open to readers'

# --- links
mkdir -m 0700 "$HOME/dotfiles"
mv "$VAULT" "$HOME/dotfiles/vault"
ln -s "$HOME/dotfiles/vault" "$VAULT"
has a.example ada s3
store b.example bob t4
[[ -L $VAULT ]] || fail 'our own link was replaced'
"$READER" dump "$HOME/dotfiles/vault" --key-file "$KEY_FILE" | jq -e '.credentials | has("b.example")' \
  >"$LAB/verdict" || fail 'b.example is not behind the link'
erase b.example
chown -h "$OTHER" "$VAULT"
refused 'a link planted by another user'
rm "$VAULT"
ln -s "$HOME/dotfiles/second" "$VAULT"
ln -s "$HOME/dotfiles/vault" "$HOME/dotfiles/second"
chown -h "$OTHER" "$HOME/dotfiles/second"
refused 'a link to a planted link'
rm "$VAULT" "$HOME/dotfiles/second"
ln -s /etc/passwd "$VAULT"
refused 'a link to a file that others read'
rm "$VAULT"
mv "$HOME/dotfiles/vault" "$VAULT"
fine
# A home behind a link is an ordinary home.
mv "$HOME" "$LAB/home2"
ln -s home2 "$HOME"
fine
rm "$HOME"
mv "$LAB/home2" "$HOME"

# --- no file
mv "$VAULT" "$LAB/aside"
mkfifo -m 0600 "$VAULT"
refused 'a FIFO'
rm "$VAULT"
mkdir -m 0700 "$VAULT"
refused 'a folder'
rmdir "$VAULT"
/usr/bin/python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$VAULT"
chmod 0600 "$VAULT"
refused 'a socket'
rm "$VAULT"

# --- too large, empty, of another version
cp -p "$LAB/aside" "$VAULT"
truncate -s 65M "$VAULT"
refused '65 MiB'
printf a.example >"$LAB/request"
INPUT=$LAB/request traced -e trace=read,pread64,readv,mmap -- docker-credential-keyring get
broke 'get, 65 MiB'
at_most $((1 << 20)) "$(awk '/read/ { bytes += $NF } /mmap.*vault/ { bytes += 65 * 1048576 } END { print bytes }' "$LAB/trace")" \
  'bytes read, 65 MiB'
: >"$VAULT"
refused 'empty'
for line in 'docker-credential-keyring vault 2' 'docker-credential-keyring vault 11' 'Docker-credential-keyring vault 1'; do
  { echo "$line" && tail -n +2 "$LAB/aside"; } >"$VAULT"
  refused "first line «$line»" version
done
cp "$LAB/aside" "$VAULT"
fine

# --- a leftover, and somebody's lock in our way
: >"$VAULT.new"
store a.example ada s3
[[ ! -e $VAULT.new ]] || fail 'a leftover vault.new was left'
rm -f "$VAULT_FOLDER/vault.lock"
ln -s /etc/passwd "$VAULT_FOLDER/vault.lock"
call store "$(credential b.example bob t4)"
broke 'store, a link in place of the lock'
rm "$VAULT_FOLDER/vault.lock"
fine

# --- the key file
chmod 0666 "$KEY_FILE"
call get a.example
failed 'get, a key file that others write'
says "$KEY_FILE"
chmod 0644 "$KEY_FILE"
call get a.example
equal 0 "$STATUS" 'exit of get, a key file that others read'
advised 'get, a key file that others read'
says "$KEY_FILE"
chmod 0600 "$KEY_FILE"
chown "$OTHER" "$KEY_FILE"
call get a.example
failed 'get, a key file of another user'
chown 0 "$KEY_FILE"
printf 'short' >"$LAB/short"
chmod 0600 "$LAB/short"
mv "$KEY_FILE" "$LAB/key"
DOCKER_CREDENTIAL_KEYRING_KEY_FILE=$LAB/short call get a.example
failed 'get, a short key file'
mv "$LAB/key" "$KEY_FILE"
fine
# It is never made in the vault's own folder.
forget_vault
vault create --key-file "$VAULT_FOLDER/key"
((STATUS)) || fail 'a key file beside the vault'
[[ ! -e $VAULT && ! -e $VAULT_FOLDER/key ]] || fail 'something was made'
