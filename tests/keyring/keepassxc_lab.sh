# shellcheck shell=bash disable=SC2034 # read by the stories
# SPDX-License-Identifier: MIT
# KeePassXC as the keyring.
if [[ -z ${LAB_SOURCE:-} ]]; then
  . "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1
fi

export QT_QPA_PLATFORM=offscreen
db=$LAB/home/db.kdbx

# make_database: one that offers its root group on the bus; its password is pw1.
make_database() {
  cat >"$LAB/db.xml" <<'XML'
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<KeePassFile>
  <Meta>
    <RecycleBinEnabled>True</RecycleBinEnabled>
    <CustomData>
      <Item>
        <Key>FDO_SECRETS_EXPOSED_GROUP</Key>
        <Value>{a9a6b21d-0d68-438f-8af9-2c561c238637}</Value>
      </Item>
    </CustomData>
  </Meta>
  <Root>
    <Group>
      <UUID>qaayHQ1oQ4+K+SxWHCOGNw==</UUID>
      <Name>Passwords</Name>
    </Group>
  </Root>
</KeePassFile>
XML
  printf 'pw1\npw1\n' | timeout -k 5 "$LIMIT" keepassxc-cli import -q -p -t 100 "$LAB/db.xml" "$db" 2>"$LAB/import.log"
  # KeePassXC 2.7 writes the database in a thread of its own while it changes it in another, and
  # crashes where the two meet; so it does not save by itself here.
  mkdir -p "$HOME/.config/keepassxc"
  cat >"$HOME/.config/keepassxc/keepassxc.ini" <<'INI'
[General]
ConfigVersion=2
AutoSaveAfterEveryChange=false
[GUI]
CheckForUpdates=false
[FdoSecrets]
Enabled=true
ShowNotification=false
ConfirmAccessItem=false
ConfirmDeleteItem=false
INI
}

collection=/org/freedesktop/secrets/collection/db
property_locked() {
  timeout -k 5 "$LIMIT" gdbus call --session -d org.freedesktop.secrets -o "$collection" \
    -m org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Collection Locked 2>&1
}
opened() { [[ $(property_locked) == '(<false>,)' ]]; }
# It owns its name before it answers.
closed() { [[ $(property_locked) == '(<true>,)' ]]; }

# start_keepassxc [PASSWORD]
start_keepassxc() {
  printf '%s\n' "$1" >"$LAB/password"
  (exec keepassxc ${1:+--pw-stdin} "$db" <"$LAB/password" >>"$LAB/keepassxc.log" 2>&1) &
  KEEPASSXC_PID=$!
  LAB_PIDS+=("$KEEPASSXC_PID")
}
