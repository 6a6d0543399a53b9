# shellcheck shell=bash disable=SC2034 # read by the stories
# SPDX-License-Identifier: MIT
# The field case, chapter by chapter, by README's own commands. basic.sh and bearer.sh tell it, each with the
# challenge of its name.

# shellcheck source=nexus_lab.sh
. "${BASH_SOURCE[0]%/*}/nexus_lab.sh" || exit 1

# The account's password, which is changed once; the admin's; and those of the server's other logins.
WORD=word-one
NEXT_WORD=word-two
ADMIN_WORD=word-admin
OTHER_WORDS=(word-hub word-quay word-harbor)
SERVERS_OTHERS=(https://index.docker.io/v1/ quay.io harbor.example.net:8443)
APP=$FIELD_NAME/team/app
LOOKS=0
MACHINES=(desktop server control worker ci)
ENGINES=(desktop server ci)
NODES=(control worker)

entry() { jq -n --arg server "$1" --arg auth "$(printf 'team:%s' "$2" | base64 -w0)" '{($server): {auth: $auth}}'; }

# What the machines have from former times: logins in base64.
former_times() {
  local i node
  mkdir -p "${HOMES[server]}/.docker"
  {
    entry "$FIELD_NAME" "$WORD"
    for i in 0 1 2; do entry "${SERVERS_OTHERS[i]}" "${OTHER_WORDS[i]}"; done
  } | jq -s '{auths: add}' >"${HOMES[server]}/.docker/config.json"
  for node in "${NODES[@]}"; do
    entry "$FIELD_NAME" "$WORD" | jq '{auths: .}' >"$LAB/$node/var/lib/kubelet/config.json"
  done
}

# build_folder MACHINE: an image on top of the private one, with a layer of more than nginx's own bound.
build_folder() {
  local folder=${HOMES[$1]}/app
  mkdir "$folder"
  printf 'FROM %s\nCOPY news /news\n' "$FIELD_NAME/$IMAGE" >"$folder/Dockerfile"
  head -c 1200000 /dev/urandom >"$folder/news"
}

begin_case() {
  local machine
  start_nexus "$1"
  own_programs
  for machine in "${MACHINES[@]}"; do build_machine "$machine"; done
  for machine in "${MACHINES[@]}"; do wait_until grep -qx up "$LAB/$machine.log"; done
  former_times
  start_session
  start_engines "${ENGINES[@]}"
  start_runtimes "${NODES[@]}"
  build_folder desktop
  build_folder ci
  watch_all
}

# --- the watch: files and command lines --------------------------------------------------------------

watch_all() {
  printf '%s\n' "$WORD" "$NEXT_WORD" "${OTHER_WORDS[@]}" last-look-of-the-watch >"$LAB/watched"
  watcher files "$CONTAINERS_LAB/watch_secrets.py" --anywhere "$LAB" /dev/shm
  watcher processes "$NEXUS_LAB/watch_processes.py"
  wait_until grep -qx ready "$LAB/files.log"
  wait_until grep -qx ready "$LAB/processes.log"
}

watcher() {
  (exec "${@:2}" <"$LAB/watched" >>"$LAB/$1.log" 2>&1) &
  LAB_PIDS+=("$!")
}

# nothing_seen WHEN: no file held a password since the watch began, save Nexus' own, and no command line. Each watch
# shows that it is awake by a last word of its own.
nothing_seen() {
  local caught mark=$HOME/last-look.$((++LOOKS))
  echo last-look-of-the-watch >"$mark"
  # shellcheck disable=SC2016
  start last-look bash -c 'exec -a "$0 $1" sleep infinity' last-look-of-the-watch "$mark"
  wait_until grep -qxF "$mark" "$LAB/files.log"
  wait_until grep -qF "last-look-of-the-watch $mark" "$LAB/processes.log"
  end_process "$STARTED"
  caught=$(awk -v own="$LAB/nexus/" -v told="$LAB/processes.log" '
    $0 != "ready" && $0 != told && index($0, own) != 1 && !/last-look/' "$LAB/files.log" "$LAB/processes.log" | sort -u)
  equal '' "$caught" "where a password was, $1"
}

# no_file_has WHEN WORD…: of all machines, by a look into each.
no_file_has() {
  local found folders=("$HOME" "$XDG_RUNTIME_DIR" /dev/shm) machine
  for machine in "${MACHINES[@]}"; do folders+=("$LAB/$machine"); done
  found=$(printf '%s\n' "${@:2}" | "$E2E_LAB/find_secret.py" "${folders[@]}") || fail "$1, a password is in: $found"
}

# --- the chapters --------------------------------------------------------------------------------------

# Without the CA the desktop does not believe the certificate. With it, it is not let in.
everybody_trusts() {
  local machine
  refuses "$UNKNOWN_AUTHORITY" desktop docker pull "$FIELD_NAME/$IMAGE"
  for machine in "${MACHINES[@]}"; do
    follows nexus-ca "$machine"
    equal "$(openssl x509 -noout -fingerprint -sha256 -in "$LAB/nexus/ca.crt")" "$SCREEN" 'the fingerprint'
  done
  refuses "$REFUSED" desktop docker pull "$FIELD_NAME/$IMAGE"
}

the_desktop_works() {
  TYPED=$WORD follows nexus-desktop desktop --answer-env TYPED
  [[ $SCREEN == *'Login Succeeded'* && $SCREEN != *nencrypted* ]] || fail "the login: $SCREEN"
  equal "{\"auths\":{\"$FIELD_NAME\":{}},\"credsStore\":\"keyring\"}" \
    "$(jq -cS . "$HOME/.docker/config.json")" config.json
  equal 1 "$(items server "$FIELD_NAME" username team)" 'items in the keyring'
  healthy desktop
  drops desktop "$APP:1"
  runs desktop docker pull "$APP:1"
  went hosted 'POST|PATCH|PUT' team/app
  went group 'GET|HEAD' team/app/manifests
  ! went group 'POST|PATCH|PUT' || fail 'something was sent to the group'
  ! went hosted 'GET|HEAD' || fail 'something was read from hosted'
}

# night_comes: cron starts anew, and its job runs at once; $NIGHT is how it ended.
night_comes() {
  rm -f "$LAB/server/var/log/ended"
  runs server systemctl restart cron
  cron_ends_with_us
  wait_until test -s "$LAB/server/var/log/ended"
  NIGHT=$(<"$LAB/server/var/log/ended")
}

cron_ends_with_us() { LAB_PIDS+=("$(<"$LAB/server/run/systemctl.cron")"); }

cron_pulls() {
  night_comes
  equal 0 "$NIGHT" "the end of cron's job: $(clip "$LAB/server/var/log/pull")"
  drops server "$APP:1"
}

cron_pulls_not() {
  night_comes
  [[ $NIGHT != 0 && $(<"$LAB/server/var/log/pull") =~ $REFUSED ]] ||
    fail "cron: $NIGHT $(clip "$LAB/server/var/log/pull")"
}

the_server_migrates() {
  local text
  # By itself systemd-creds puts no host key on a file system in memory.
  HERE+=(-e 's|systemd-creds encrypt|& --with-key=host|')
  HERE+=(-e "s#0 3 \* \* \* root \(.*\)' >/etc#@reboot root \1 >/var/log/pull 2>\&1; echo \$? >/var/log/ended' >/etc#")
  follows nexus-server server
  cron_ends_with_us
  text=$(jq -c '[.credsStore, (.auths | length), (.auths | map(.auth) | unique)]' \
    "${HOMES[server]}/.docker/config.json")
  equal '["keyring",4,[null]]' "$text" 'what is left in config.json'
  runs server docker-credential-keyring ls --json
  equal 4 "$(jq '.credentials | length' "$LAB/out")" 'logins in the vault'
  healthy server
  the_key_is_needed
  cron_pulls
}

# healthy MACHINE: doctor finds nothing to fix there.
healthy() { runs "$1" docker-credential-keyring doctor; }

# the_key_is_needed: the server's vault is unlocked by what systemd gives, and by nothing that lies on a disk.
the_key_is_needed() {
  mv "$LAB/server/run/credentials" "$LAB/nexus/credentials"
  refuses 'docker-credential-keyring: .*vault' server docker pull "$APP:1"
  mv "$LAB/nexus/credentials" "$LAB/server/run/credentials"
}

the_nodes_migrate() {
  local node
  for node in "${NODES[@]}"; do
    follows nexus-node "$node"
    node_pulls "$node" "$APP:1"
    jq -e '[.auths[]? | select(has("auth"))] == []' "$LAB/$node/var/lib/kubelet/config.json" >"$LAB/verdict" ||
      fail "$node: the login is in the kubelet's file still"
  done
}

# the_job_pushes: CI's, whose system has set the variable. What is left of it is the image alone.
the_job_pushes() {
  REGISTRY_PASSWORD=$WORD follows nexus-ci ci
  equal '' "$(find "$LAB/ci/run" /dev/shm -name 'docker-credential-keyring.*')" 'what the job left'
  [[ ! -e ${HOMES[ci]}/.docker/config.json ]] || fail 'the job wrote a config.json'
  runs desktop docker pull "$APP:2"
  drops desktop "$APP:2"
}

# Before anybody is told, nobody gets anything; then they all do.
the_password_changes() {
  local machine
  change_password "$NEXT_WORD"
  refuses "$REFUSED" desktop docker pull "$APP:2"
  cron_pulls_not
  for machine in "${NODES[@]}"; do node_pulls_not "$machine" "$APP:1"; done
  refuses "$REFUSED" ci env REGISTRY_PASSWORD=not-the-one docker-credential-keyring run --add "$FIELD_NAME" -u team \
    --password-env REGISTRY_PASSWORD -- docker pull "$APP:1"
  for machine in desktop server "${NODES[@]}"; do
    TYPED=$WORD follows nexus-rotate "$machine" --answer-env TYPED
  done
  runs desktop docker pull "$APP:2"
  cron_pulls
  for machine in "${NODES[@]}"; do node_pulls "$machine" "$APP:1"; done
  the_job_pushes
}

everybody_leaves() {
  local machine
  for machine in desktop server; do
    follows nexus-logout "$machine"
    refuses "$REFUSED" "$machine" docker pull "$APP:2"
  done
  for machine in "${NODES[@]}"; do
    follows nexus-remove "$machine"
    node_pulls_not "$machine" "$APP:1"
  done
  equal 0 "$(items server "$FIELD_NAME")" 'items in the keyring'
  runs server docker-credential-keyring ls --json
  equal 3 "$(jq '.credentials | length' "$LAB/out")" "the server's other logins"
}

# the_web_interface: the name beside the registry's has a page, and is no registry; the group takes nothing.
the_web_interface() {
  equal 200 "$(outside https://nexus.example.com/)" 'the answer of the web interface'
  grep -q Nexus "$LAB/curl.out" || fail "the web interface: $(clip "$LAB/curl.out")"
  equal 404 "$(outside https://nexus.example.com/v2/)" 'the answer of /v2/ there'
  equal 403 "$(curl -sS -o "$LAB/curl.out" -w '%{http_code}' -X POST http://127.0.0.1:8082/v2/team/app/blobs/uploads/)"
  grep -q PRO-licensed "$LAB/curl.out" || fail "the group: $(clip "$LAB/curl.out")"
}

tell_case() {
  begin_case "$1"
  challenged "$1"
  everybody_trusts
  the_desktop_works
  the_web_interface
  the_server_migrates
  the_nodes_migrate
  nothing_seen 'up to the migration'
  the_job_pushes
  the_password_changes
  everybody_leaves
  nothing_seen 'up to the end'
  no_file_has 'at the end' word-one "$NEXT_WORD" "${OTHER_WORDS[@]}"
  stop_engines "${ENGINES[@]}"
}

# challenged CHALLENGE: how Nexus asks who it is, to the byte.
challenged() {
  local place=https://$FIELD_NAME/v2/token expected='BASIC realm="Sonatype Nexus Repository Manager"'
  [[ $1 == basic ]] || expected="Bearer realm=\"$place\",service=\"$place\",scope=\"repository:*:pull\""
  equal 401 "$(outside -D "$LAB/curl.head" "https://$FIELD_NAME/v2/")" 'the answer of /v2/'
  equal "$expected" "$(tr -d '\r' <"$LAB/curl.head" | sed -n 's/^WWW-Authenticate: //Ip')" 'the challenge'
}
