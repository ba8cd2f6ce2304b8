#!/usr/bin/env bash
# The static checks: format and lint, types, dead code, sizes. Runs all of them, then fails if any failed.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"

failed=0
check() {
  local name=$1
  shift
  if "$@"; then echo "check: $name passed"; else echo "check: $name FAILED"; failed=1; fi
}

check "format and lint" biome check --error-on-warnings .
check "types" tsc --noEmit
check "dead code" knip --no-progress
check "file sizes" bash scripts/check-sizes.sh
check "start-up cost" node scripts/check-start.mjs
exit $failed
