# shellcheck shell=bash disable=SC2034 # read by the stories
# SPDX-License-Identifier: MIT
# KWallet as the keyring.
if [[ -z ${LAB_SOURCE:-} ]]; then
  . "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1
fi

export QT_QPA_PLATFORM=offscreen
KWALLET_SOURCE=$LAB_SOURCE/../keyring

wallet=$HOME/.local/share/kwalletd/kdewallet.kwl
collection=/org/freedesktop/secrets/collection/kdewallet

# configure_kwallet: one wallet, offered on the bus, and no wizard.
configure_kwallet() {
  mkdir -p "$HOME/.config"
  cat >"$HOME/.config/kwalletrc" <<'RC'
[Wallet]
Enabled=true
First Use=false
Default Wallet=kdewallet
Local Wallet=kdewallet
Prompt on Open=false
Use One Wallet=true
Launch Manager=false

[org.freedesktop.secrets]
apiEnabled=true
RC
}

# start_kwallet [unlocked]: on the bus at hand; $KEYRING_PID is its id.
start_kwallet() {
  local has_wallet=
  [[ ! -s $wallet ]] || has_wallet=yes
  export PAM_KWALLET5_LOGIN=$XDG_RUNTIME_DIR/kwallet5.socket
  if [[ ${1:-} == unlocked ]]; then
    start kwallet /usr/bin/python3 "$KWALLET_SOURCE/kwallet_login.py" "$PAM_KWALLET5_LOGIN"
  else
    start kwallet kwalletd5
  fi
  KEYRING_PID=$STARTED
  wait_until owned
  if [[ $has_wallet ]]; then wait_until shows_wallet; fi
  if [[ ${1:-} == unlocked ]]; then wait_until is_open; fi
}

shows_wallet() { shows_locked true || shows_locked false; }

# is_open: the wallet itself, whatever it says on the bus of the keyrings.
is_open() {
  local said
  said=$(timeout -k 5 "$LIMIT" gdbus call --session -d org.kde.kwalletd5 -o /modules/kwalletd5 \
    -m org.kde.KWallet.isOpen kdewallet)
  [[ $said == '(true,)' ]]
}

# start_kwallet_session: a bus with a KWallet whose wallet is open. It offers no wallet that was made after it
# started.
start_kwallet_session() {
  configure_kwallet
  start_bus
  start_kwallet unlocked
  wait_until test -s "$wallet"
  end_process "$KEYRING_PID"
  start_kwallet unlocked
}

# shows_locked true|false: what it says of the wallet.
shows_locked() {
  local said
  said=$(timeout -k 5 "$LIMIT" gdbus call --session -d org.freedesktop.secrets -o "$collection" \
    -m org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Collection Locked)
  [[ $said == "(<$1>,)" ]]
}
