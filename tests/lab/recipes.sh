# shellcheck shell=bash disable=SC2034 # read by the stories
# SPDX-License-Identifier: MIT
# README's recipes: a block of commands below a line `<!-- recipe: NAME -->`. A story runs them as they
# stand there, so that what people copy works.
README=$LAB_SOURCE/../../README.md
# What stands in README, and what it is in this world: sed's commands, which a story may add to.
HERE=(-e "s|/media/usb|$LAB/usb|g")

# recipe NAME: the commands.
recipe() {
  local text
  text=$(awk -v mark="<!-- recipe: $1 -->" '
    $0 == mark { found = 1; next }
    found && /^```/ { if (inside) exit; inside = 1; next }
    inside { print }' "$README")
  [[ -n $text ]] || fail "$README has no recipe $1"
  sed "${HERE[@]}" <<<"$text"
}

# script_of NAME: the same as a script, in $LAB/recipe.
script_of() { { echo 'set -eo pipefail' && recipe "$1"; } >"$LAB/recipe"; }

# follow NAME [STEP…]: runs it, with somebody at a terminal who does these steps; after vault_lab.sh.
follow() {
  script_of "$1"
  at_terminal "${@:2}" -- bash "$LAB/recipe"
  exits 0 "the recipe $1"
}
