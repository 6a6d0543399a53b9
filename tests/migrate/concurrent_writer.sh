#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Another program writes config.json while migrate is at work, as docker does: it reads, adds a login,
# writes a temporary file and renames it. What both did is kept.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
containers_ask_us
text="{\"auths\":{$(login a.example ada secret-of-ada),$(login b.example bob secret-of-bob)}}"
new_auth=$(auth eve secret-of-eve)

begin() {
  forget_all
  rm -rf "$HOME/.docker"
  mkdir -m 0700 "$HOME/.docker"
  config "$text"
}

# docker_login SERVER [FILE]: adds eve's login to what FILE, or config.json, holds, and puts that in
# the place of config.json.
docker_login() {
  jq -c --arg s "$1" --arg a "$new_auth" '.auths[$s] = {auth: $a} | .other = "wrote"' \
    "${2:-$CONFIG}" >"$CONFIG.2718281"
  mv "$CONFIG.2718281" "$CONFIG"
}

# text_is_ready: migrate has written the new text to its temporary file, and stored all that is in it.
text_is_ready() {
  local file
  for file in "$CONFIG".docker-credential-keyring.*; do [[ -s $file ]] && return; done
  return 1
}

# exchanged: the new text is in the place of config.json.
exchanged() { [[ $(jq -r .credsStore "$CONFIG" 2>/dev/null) == keyring ]]; }

# when COMMAND: the other program waits for this moment. It exits with 77 where there will be none.
when() {
  until "$@"; do
    [[ ! -e $LAB/migrate.ended ]] || exit 77
    sleep 0.02
  done
}

# did: it has done something, now.
did() { printf '%s\n' "${EPOCHREALTIME/./}" >>"$LAB/other.did"; }

# in_time DELAY: each thing that it did, it did while a call was delayed for so long.
in_time() {
  sed -n 's/^\([0-9]*\)\.\([0-9]*\) .*(DELAYED)$/\1\2/p' "$LAB/trace" | paste "$LAB/other.did" - |
    awk -v delay="$1" '$2 == "" || $1 < $2 || $1 >= $2 + delay { exit 1 }'
}

# meanwhile COMMAND… -- STRACE-OPTION…: begins, and runs migrate, and the other program beside it, which
# comes and goes in DELAY microseconds. Where the machine is too slow for that, all of it is done again
# with more time.
meanwhile() {
  local other=() pid status delay
  while [[ $1 != -- ]]; do other+=("$1") && shift; done
  shift
  for delay in 500000 3000000 20000000; do
    "${BEGIN:-begin}"
    rm -f "$LAB/other.did" "$LAB/migrate.ended"
    ("${other[@]}" && did) >"$LAB/other.log" 2>&1 &
    pid=$!
    traced -ttt "${@//DELAY/$delay}"
    : >"$LAB/migrate.ended"
    status=0
    wait "$pid" || status=$?
    ((status == 0 || status == 77)) || fail "the other program: exit $status: $(clip "$LAB/other.log")"
    if ((status == 0)) && in_time "$delay"; then return; fi
  done
  fail 'the other program came too late each time'
}

# all_moved: the three logins are in the keyring and in no file, and the other program's key is there.
all_moved() {
  equal '{"a.example":{},"b.example":{},"c.example":{}}' "$(jq -cS .auths "$CONFIG")" "auths, $1"
  equal 'wrote keyring' "$(jq -r '.other + " " + .credsStore' "$CONFIG")" "the rest, $1"
  equal 'ada secret-of-ada' "$(stored a.example)" "a.example, $1"
  equal 'bob secret-of-bob' "$(stored b.example)" "b.example, $1"
  equal 'eve secret-of-eve' "$(stored c.example)" "c.example, $1"
  alone "$CONFIG" "$1"
  no_plaintext
}

# --- between the plan and the rewrite: its login moves in the same run
before_the_exchange() { when text_is_ready && docker_login c.example; }
for syscall in fsync renameat2; do
  meanwhile before_the_exchange -- -e "trace=$syscall" -e "inject=$syscall:delay_enter=DELAY:when=1"
  exits 0 "written before $syscall"
  tells c.example moved eve
  all_moved "written before $syscall"
done

# --- it changed a login that is being moved: the newer one counts, or stays for --replace; it is
# nowhere replaced by the older
changed_before_the_exchange() { when text_is_ready && docker_login b.example; }
meanwhile changed_before_the_exchange -- -e trace=fsync -e "inject=fsync:delay_enter=DELAY:when=1"
if ((STATUS)); then
  exits 3 'a changed login'
  tells b.example kept --replace
  equal "$new_auth" "$(jq -r '.auths["b.example"].auth' "$CONFIG")" 'the changed login'
  equal '' "$(jq -r '.credHelpers["b.example"]' "$CONFIG")" 'credHelpers of the changed login'
else
  equal 'eve secret-of-eve' "$(stored b.example)" 'the changed login'
fi
equal 'ada secret-of-ada' "$(stored a.example)" a.example
alone

# --- it took the file away, or made it unreadable: refused, and the keyring holds nothing of it
removed_before_the_exchange() { when text_is_ready && rm "$CONFIG"; }
meanwhile removed_before_the_exchange -- -e trace=fsync -e "inject=fsync:delay_enter=DELAY:when=1"
if ((STATUS == 0)); then
  # A file that is gone is as good as one that never was.
  [[ ! -e $CONFIG || $(jq -r .credsStore "$CONFIG") == keyring ]] || fail 'expected credsStore'
else
  exits 1 'the file is gone'
  nothing_stored 'the file is gone'
fi
alone

spoilt_before_the_exchange() { when text_is_ready && printf '{"auths":' >"$LAB/spoilt" && mv "$LAB/spoilt" "$CONFIG"; }
meanwhile spoilt_before_the_exchange -- -e trace=fsync -e "inject=fsync:delay_enter=DELAY:when=1"
exits 1 'the file is spoilt'
becomes '{"auths":'
alone
nothing_stored 'the file is spoilt'

# --- it appears where there was none
appears_before_the_exchange() {
  when text_is_ready
  printf '{"auths":{}}' >"$LAB/empty"
  docker_login c.example "$LAB/empty"
}
without_file() { begin && rm "$CONFIG"; }
BEGIN=without_file meanwhile appears_before_the_exchange -- -e trace=fsync -e "inject=fsync:delay_enter=DELAY:when=1"
exits 0 'a new file'
equal '{"c.example":{}}' "$(jq -c .auths "$CONFIG")" 'auths of the new file'
equal 'eve secret-of-eve' "$(stored c.example)" c.example
alone

# --- the disk fails after the second plan: what that one stored is taken back too
meanwhile before_the_exchange -- -e trace=fsync,renameat2 -e "inject=fsync:delay_enter=DELAY:when=1" \
  -e inject=renameat2:error=ENOSPC:when=3+
exits 1 'the disk fails after the second plan'
equal "$new_auth" "$(jq -r '.auths["c.example"].auth' "$CONFIG")" 'c.example in the file'
equal null "$(jq -r .credsStore "$CONFIG")" credsStore
nothing_stored 'the disk fails after the second plan'
alone

# --- its file cannot be put back after the exchange: it is not lost
meanwhile before_the_exchange -- -e trace=fsync,renameat2 -e "inject=fsync:delay_enter=DELAY:when=1" \
  -e inject=renameat2:error=EIO:when=2
grep -rqF "$new_auth" "$HOME/.docker" || [[ $(stored c.example) == 'eve secret-of-eve' ]] ||
  fail 'the login that the other program wrote is lost'
if exchanged; then
  exits 3 'the other file cannot be put back'
  equal 'ada secret-of-ada' "$(stored a.example)" 'a.example, the other file cannot be put back'
else
  exits 1 'the other file cannot be put back'
  equal "$new_auth" "$(jq -r '.auths["c.example"].auth' "$CONFIG")" 'c.example in the file'
fi

# --- it writes before the exchange and again after it: nothing of the three is lost
twice() {
  before_the_exchange && did
  when exchanged
  cp "$CONFIG.docker-credential-keyring."* "$LAB/own"
  docker_login d.example "$LAB/own"
}
meanwhile twice -- -e trace=fsync,renameat2 -e "inject=fsync:delay_enter=DELAY:when=1" \
  -e "inject=renameat2:delay_exit=DELAY:when=1"
migrate
exits 0 'second run after two writes'
for server in a.example b.example c.example d.example; do
  [[ -n $(stored "$server") ]] || fail "expected $server in the keyring after two writes"
  equal '{}' "$(jq -c --arg s "$server" '.auths[$s]' "$CONFIG")" "entry of $server"
done
no_plaintext

# --- right after the exchange it adds a login to the new file: that one stays, and is said
adds_after_the_exchange() { when exchanged && docker_login c.example; }
meanwhile adds_after_the_exchange -- -e trace=renameat2 -e "inject=renameat2:delay_exit=DELAY:when=1"
exits 0 'written after the exchange'
says 'another program' 'again'
equal "$new_auth" "$(jq -r '.auths["c.example"].auth' "$CONFIG")" 'c.example in the file'
alone
migrate
exits 0 'second run'
all_moved 'second run'

# --- a docker that was running since before writes its old copy back, plaintext and all
cp "$LAB/before" "$LAB/old"
writes_old_copy_back() { when exchanged && docker_login c.example "$LAB/old"; }
meanwhile writes_old_copy_back -- -e trace=renameat2 -e "inject=renameat2:delay_exit=DELAY:when=1"
exits 0 'an old copy'
says 'another program' 'again'
equal null "$(jq -r .credsStore "$CONFIG")" credsStore
equal 'ada secret-of-ada' "$(stored a.example)" a.example
migrate
exits 0 'second run after an old copy'
all_moved 'second run after an old copy'
says_not 'another program'
