#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A vault that others could read or write, or that is somebody else's, gives the kubelet nothing, with the
# reason; in a user namespace the mapped root's own vault is used.
. "${BASH_SOURCE[0]%/*}/kubelet_lab.sh" || exit 1

((EUID == 0)) || fail 'expected to run as root, who alone can give a file away'
image=nexus.example.com:8083/team/app
fine() { gets "$image" Registry nexus.example.com:8083 ada s3; }
quick_vault_with_key --credential nexus.example.com:8083 ada s3
fine

for mode in 0640 0604 0620 0602 0660 0666 0644; do
  chmod "$mode" "$VAULT"
  asks "$image"
  refused "$VAULT is open to others" "mode $mode"
  says_not s3
done
chmod 0600 "$VAULT"
chown "$OTHER" "$VAULT"
asks "$image"
refused "$VAULT belongs to another user" 'another owner'
chown 0 "$VAULT"
for mode in 0770 0707 01777; do
  chmod "$mode" "$VAULT_FOLDER"
  asks "$image"
  refused 'can be written by others' "folder $mode"
done
chmod 0700 "$VAULT_FOLDER"
chown "$OTHER" "$VAULT_FOLDER"
asks "$image"
refused 'belongs to another user' 'folder of another user'
chown 0 "$VAULT_FOLDER"
# The rest of the world pulls on, and is told.
chmod 0644 "$VAULT"
gets_nothing stranger.example/app
says "$VAULT is open to others"
chmod 0600 "$VAULT"
fine

# --- the key file
chmod 0666 "$KEY_FILE"
asks "$image"
refused "$KEY_FILE" 'a key file that others write'
chmod 0600 "$KEY_FILE"
chown "$OTHER" "$KEY_FILE"
asks "$image"
refused "$KEY_FILE" 'a key file of another user'
chown 0 "$KEY_FILE"

# --- damaged
cp -p "$VAULT" "$LAB/whole"
truncate -s -1 "$VAULT"
asks "$image"
refused "$VAULT" 'a vault cut short'
cp -p "$LAB/whole" "$VAULT"
fine

# --- in a user namespace whose root is another user outside: that user's vault is root's there
unshare --user --map-root-user true || fail 'expected user namespaces to be allowed on this machine'
chmod 0711 "$LAB"
rm "$LAB/bin/docker-credential-keyring"
cat >"$LAB/bin/docker-credential-keyring" <<'END'
#!/bin/sh
exec setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all -- \
  unshare --user --map-root-user "$LAB/helper" "$@"
END
install -m 0755 "$HELPER" "$LAB/helper"
chmod 0755 "$LAB/bin/docker-credential-keyring"
chown -R "$OTHER" "$HOME" "$XDG_RUNTIME_DIR"
fine
equal "600 $OTHER" "$(stat -c '%a %u' "$VAULT")" 'mode and owner of the vault'
# And what the real root has put there is not.
chown 0 "$VAULT"
asks "$image"
refused 'permission denied' "the real root's vault in a user namespace"
chown 0:"$OTHER" "$VAULT"
chmod 0640 "$VAULT"
asks "$image"
refused "$VAULT belongs to another user" "the real root's vault in a user namespace, readable"
chown -R 0 "$HOME" "$XDG_RUNTIME_DIR"
