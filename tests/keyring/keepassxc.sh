#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# KeePassXC as the keyring: it shows extra attributes, deletes through a prompt, and while it is locked it
# shows no items at all.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

export QT_QPA_PLATFORM=offscreen
db=$LAB/home/db.kdbx

# A database that offers its root group on the bus.
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
printf 'pw1\npw1\n' | timeout -k 2 30 keepassxc-cli import -q -p -t 100 "$LAB/db.xml" "$db" 2>"$LAB/import.log"
mkdir -p "$HOME/.config/keepassxc"
cat >"$HOME/.config/keepassxc/keepassxc.ini" <<'INI'
[General]
ConfigVersion=2
[GUI]
CheckForUpdates=false
[FdoSecrets]
Enabled=true
ShowNotification=false
ConfirmAccessItem=false
ConfirmDeleteItem=false
INI

collection=/org/freedesktop/secrets/collection/db
property_locked() {
  timeout -k 2 5 gdbus call --session -d org.freedesktop.secrets -o "$collection" \
    -m org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Collection Locked 2>&1
}
opened() { [[ $(property_locked) == '(<false>,)' ]]; }

# start_keepassxc [PASSWORD]
start_keepassxc() {
  printf '%s\n' "$1" >"$LAB/password"
  (exec keepassxc ${1:+--pw-stdin} "$db" <"$LAB/password" >>"$LAB/keepassxc.log" 2>&1) &
  KEEPASSXC_PID=$!
  LAB_PIDS+=("$KEEPASSXC_PID")
}

start_bus
start_keepassxc pw1
wait_until 20 opened

may_ask # it makes and deletes items through prompts, which it answers itself
has_not a.example
lists '{}'
store a.example ada 's3 é'
has a.example ada 's3 é'
lists '{"a.example": "ada"}'
store a.example bob t4
has a.example bob t4
equal 1 "$(items server a.example)" 'items of a.example'
store b.example eve u5
lists '{"a.example": "bob", "b.example": "eve"}'
erase b.example
has_not b.example
lists '{"a.example": "bob"}'
erase stranger.example

# Locked, as it comes it would ask to unlock whenever it is searched: so it is not. The index alone knows.
may_not_ask
end_process "$KEEPASSXC_PID"
start_keepassxc ''
wait_until 20 owned
has_not stranger.example
at_most 4000 "$TOOK" 'milliseconds of get of a stranger while locked'
erase stranger.example
at_most 4000 "$TOOK" 'milliseconds of erase of a stranger while locked'
call list
equal '["a.example"]' "$(jq -c keys <"$LAB/out")" 'servers while locked'
at_most 4000 "$TOOK" 'milliseconds of list while locked'
settings '{"reply_timeout_s": 1}'
call get a.example
failed 'get while locked'
call erase a.example
failed 'erase while locked'
call store "$(credential a.example eve u5)"
failed 'store while locked'
at_most 5000 "$TOOK" 'milliseconds of store while locked'
call list
equal '["a.example"]' "$(jq -c keys <"$LAB/out")" 'servers while locked'
