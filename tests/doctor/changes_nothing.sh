#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Doctor looks, and nothing else: no file is made, written or touched, no key, no ticket, no prompt.
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

# everything: each file and folder of this world with its mode, owner, time and content.
everything() {
  find "$HOME" "$XDG_RUNTIME_DIR" -printf '%p %y %m %U %T@ %C@\n' | sort
  find "$HOME" -type f -print0 | sort -z | xargs -0 sha256sum
}
# unchanged_by_doctor WHAT
unchanged_by_doctor() {
  everything >"$LAB/everything"
  doctor
  doctor --json
  same_file "$LAB/everything" <(everything) "what there is, $1"
}
# writes_nothing WHAT: it opens nothing but to read, and makes, moves and changes nothing. A build that counts where
# its code goes (tests/coverage) counts in a file of its own.
writes_nothing() {
  traced -e trace=%file -- docker-credential-keyring doctor
  grep -q openat "$LAB/trace" || fail 'strace saw nothing'
  grep -vE "(/dev/(null|tty)|$BUILD_DIR/coverage/|= -1 )" "$LAB/trace" >"$LAB/done"
  ! grep -E 'O_(WRONLY|RDWR|CREAT)|mkdir|rename|unlink|chmod|chown|utimens|symlink|truncate' \
    "$LAB/done" >"$LAB/written" || fail "$1: it writes: $(clip "$LAB/written")"
}

rmdir "$HOME/.docker"
unchanged_by_doctor fresh
writes_nothing fresh

mkdir -m 0700 "$HOME/.docker"
start_bus
answer_prompts ok
start_keyring pw1
store a.example ada word-one
config "{\"auths\":{$(login b.example bob word-two)}}"
config "{\"auths\":{$(login c.example bob word-three)}}" "$CONFIG.bak"
settings '{"prompt": "always"}'
unchanged_by_doctor keyring
writes_nothing 'with a keyring'
rm "$(index_file)"
unchanged_by_doctor 'no index'
store a.example ada word-one
lock_warm
unchanged_by_doctor 'locked'
equal true "$(is_locked)" 'collection locked'
prompts_are 0
unlock

forget_vault
quick_vault_with_passphrase pw1
chmod 755 "$VAULT_FOLDER"
unchanged_by_doctor 'a locked vault, in a folder that others may read'
writes_nothing 'with a vault'
at_terminal -- docker-credential-keyring doctor
prompted_times 0 doctor
forget_vault
make_vault_with_key
settings '{"store": "vault"}'
store d.example ada word-four
rm "$(index_file)"
unchanged_by_doctor 'an open vault'
writes_nothing 'with an open vault'
