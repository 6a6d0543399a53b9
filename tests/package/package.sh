#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The Debian package. This machine's own packages stay as they are: the package is
# installed into a folder, on top of a copy of the list of what is installed here.
#
#   BUILD_DIR  a finished build of the release preset

PACKAGING_SOURCE=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
# shellcheck source=../lab/lab.sh
. "${PACKAGING_SOURCE%/package}/lab/lab.sh"
# shellcheck source=../lab/deb.sh
. "$LAB_SOURCE/deb.sh"

project=${PACKAGING_SOURCE%/tests/package}
pages=("$project"/packaging/man/*)
name=docker-credential-keyring
BUILD_DIR=$(realpath -e "${BUILD_DIR:?a build of the release preset}")

# --- it is made
umask 077
make_deb
umask 022
deb=("$LAB/deb/docker-credential-keyring_"*.deb)
equal 1 "${#deb[@]}" 'packages made'
# The symbols lie in one of their own.
[[ $(dpkg-deb -c "$LAB"/deb/docker-credential-keyring-dbgsym_*.deb) == *.debug* ]] || fail 'there are no debug symbols'

# --- what it says of itself
field() { dpkg-deb -f "${deb[0]}" "$1"; }
version=$(field Version)
equal "$name" "$(field Package)" Package
equal "$(dpkg --print-architecture)" "$(field Architecture)" Architecture
equal utils "$(field Section)" Section
equal "${name}_${version}_$(field Architecture).deb" "${deb[0]##*/}" 'file name'
# It runs without a desktop: that needs no more than libc.
[[ $(field Depends) =~ ^'libc6 (>= '[0-9.]+')'$ ]] || fail "Depends: got «$(field Depends)»"
for package in libcurl4 libgcrypt20 libglib2.0-0 libsecret-1-0 libssl3 libsystemd0; do
  [[ ", $(field Recommends)" =~ ", $package"(t64)?' (' ]] ||
    fail "Recommends lacks $package: «$(field Recommends)»"
done
# A server gets no keyring by this, and a desktop that has one no second.
[[ $(field Suggests) == 'gnome-keyring | '* && $(field Recommends) != *gnome-keyring* ]] ||
  fail "Suggests: «$(field Suggests)», Recommends: «$(field Recommends)»"
[[ $(field Static-Built-Using) == *'libsodium (= '* ]] || fail "Static-Built-Using: «$(field Static-Built-Using)»"
[[ $(field Recommends) != *libc6* ]] || fail "Recommends: «$(field Recommends)»"

# --- what is in it: these files, root's, and nobody else may write them, whatever the umask of who made it
dpkg-deb -c "${deb[0]}" | awk '$1 !~ /^d/ {print $1, $2, $6}' | sort -k3 >"$LAB/contents"
cat >"$LAB/expected" <<END
-rwxr-xr-x root/root ./usr/bin/$name
-rw-r--r-- root/root ./usr/lib/systemd/system/$name-sync.service
-rw-r--r-- root/root ./usr/lib/systemd/system/$name-sync.timer
-rw-r--r-- root/root ./usr/lib/systemd/user/$name-forward@.service
-rw-r--r-- root/root ./usr/lib/systemd/user/$name-sync.service
-rw-r--r-- root/root ./usr/lib/systemd/user/$name-sync.timer
-rw-r--r-- root/root ./usr/share/bash-completion/completions/$name
-rw-r--r-- root/root ./usr/share/doc/$name/NOTICES
-rw-r--r-- root/root ./usr/share/doc/$name/changelog.gz
-rw-r--r-- root/root ./usr/share/doc/$name/copyright
-rw-r--r-- root/root ./usr/share/doc/$name/examples/ansible/defaults/main.yml
-rw-r--r-- root/root ./usr/share/doc/$name/examples/ansible/handlers/main.yml
-rw-r--r-- root/root ./usr/share/doc/$name/examples/ansible/tasks/main.yml
-rw-r--r-- root/root ./usr/share/doc/$name/examples/cloud-init.yaml
-rw-r--r-- root/root ./usr/share/doc/$name/examples/devcontainer-feature/devcontainer-feature.json
-rwxr-xr-x root/root ./usr/share/doc/$name/examples/devcontainer-feature/install.sh
-rwxr-xr-x root/root ./usr/share/$name/before-removal
-rw-r--r-- root/root ./usr/share/fish/vendor_completions.d/$name.fish
-rw-r--r-- root/root ./usr/share/lintian/overrides/$name
$(for page in "${pages[@]}"; do echo "-rw-r--r-- root/root ./usr/share/man/man${page##*.}/${page##*/}.gz"; done | sort)
-rw-r--r-- root/root ./usr/share/zsh/vendor-completions/_$name
END
same_file "$LAB/expected" "$LAB/contents" 'contents'
closed=$(dpkg-deb -c "${deb[0]}" | awk '/^d/ && $1 != "drwxr-xr-x"')
equal '' "$closed" 'folders that not everybody can read'

lintian --allow-root --pedantic --display-info --fail-on error,warning,info,pedantic "${deb[0]}" \
  >"$LAB/lintian.log" 2>&1 ||
  fail "lintian: $(<"$LAB/lintian.log")"

# --- installed, it runs; removed, it is gone
root=$LAB/root
mkdir -p "$root"/var/lib/dpkg/{info,updates}
cp /var/lib/dpkg/status "$root/var/lib/dpkg/"
# The files of the packages that are installed here are not in that folder, which dpkg mentions for
# each of them.
dpkg_there() {
  dpkg --root="$root" --force-not-root --force-bad-path --force-script-chrootless --log="$LAB/dpkg.log" "$@" \
    >"$LAB/dpkg.out" 2>&1 || fail "dpkg $1: $(tail -c 1000 "$LAB/dpkg.out")"
}
dpkg_there --install "${deb[0]}"
# What makes an error in memory harder to use: of the program, and of an object, since the start files of libc
# have no mark of the control flow's protection.
built=$BUILD_DIR/helper/$name
hardening-check "$built" >"$LAB/hardening" || true # what it looks for besides depends on its version
for promise in 'Position Independent Executable' 'Stack protected' 'Fortify Source functions' \
  'Read-only relocations' 'Immediate binding'; do
  grep -q "$promise: yes" "$LAB/hardening" || fail "$promise: $(<"$LAB/hardening")"
done
if [[ $(uname -m) == x86_64 ]]; then
  object=$BUILD_DIR/platform/CMakeFiles/platform_vault_format.dir/vault/format/format.cpp.o
  grep -q 'IBT, SHSTK' <<<"$(readelf -n "$object")" || fail "no mark of control flow protection in $object"
fi
installed=$root/usr/bin/$name
equal "$name ($name) v$version" "$("$installed" version)" version
[[ $(file "$installed") == *', stripped'* ]] || fail "expected $installed to be stripped"
# The keyring's libraries, by what the program loads, by its notes of that, and by what gave Recommends.
reference=$BUILD_DIR/library_reference.so
functions='(sd_bus|gcry|secret|g|curl|BIO|X509|PEM|ASN1)_[A-Za-z0-9_]+'
tr '\0' '\n' <"$installed" | grep -axE "$functions" | sort -u >"$LAB/loaded"
nm -D --undefined-only "$reference" | grep -oE " $functions" | tr -d ' ' | sort -u >"$LAB/expected"
same_file "$LAB/expected" "$LAB/loaded" 'functions that are loaded'
objcopy -O binary --only-section=.note.dlopen "$installed" "$LAB/notes"
tr '\0' '\n' <"$LAB/notes" | grep -a '^\[' | jq -r '.[].soname[]' | sort >"$LAB/noted"
# libsecret brings GLib.
objdump -p "$reference" | awk '$1 == "NEEDED" && $2 !~ /^lib(c|glib-2.0|gio-2.0|gobject-2.0)\.so/ {print $2}' |
  sort >"$LAB/expected"
same_file "$LAB/expected" "$LAB/noted" 'libraries that are noted'
# It works on the keyring.
start_session
call_program "$installed" store "$(credential known.example ada s3)"
done_silently 'store by the installed program'
equal "$version" "$(zcat "$root/usr/share/doc/$name/changelog.gz" | sed -n '1s/.*(\(.*\)).*/\1/p')" \
  'version in the changelog'
for page in "${pages[@]}"; do
  zcat "$root/usr/share/man/man${page##*.}/${page##*/}.gz" >"$LAB/page"
  same_file "$page" "$LAB/page" "installed ${page##*/}"
done
# The licence, word for word.
words() { sed '1,/^Copyright/d' "$1" | tr -s ' .\n' ' '; }
equal "$(words "$project/LICENSE")" \
  "$(sed -n '/^License: Expat$/,$p' "$root/usr/share/doc/$name/copyright" |
    sed '1,/^License: Expat$/d' | tr -s ' .\n' ' ')" 'licence'
# What of it the system's configuration names goes with it; containers/removed.sh has the users.
drop_in=$root/etc/containers/registries.conf.d/99-$name.conf
mkdir -p "${drop_in%/*}"
echo "# Written by $name migrate; …" >"$drop_in"
dpkg_there --remove "$name"
equal '' "$(find "$root" -path "$root/var" -prune -o -type f -print)" 'files left after removal'
