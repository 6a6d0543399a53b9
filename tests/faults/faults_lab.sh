# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the runners of faults, interleavings and load have besides lab.sh: the program under test, and
# the tracer.

FAULTS=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
PROJECT=${FAULTS%/tests/faults}
if [[ -z ${HELPER:-} ]]; then
  [[ -e $PROJECT/build/release/CMakeCache.txt ]] || (cd "$PROJECT" && cmake --preset release -DBUILD_TESTING=OFF >&2)
  (cd "$PROJECT" && cmake --build --preset release --target docker-credential-keyring >&2)
  HELPER=$PROJECT/build/release/helper/docker-credential-keyring
fi
. "$FAULTS/../lab/lab.sh" || exit 1

if [[ -z ${TRACER:-} ]]; then
  TRACER=$LAB/tracer
  c++ -std=c++20 -O1 "-I$PROJECT" "$FAULTS"/{tracer,calls}.cpp -o "$TRACER"
fi
export TRACER
# The search for leaks wants to be the one that traces.
export ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0
