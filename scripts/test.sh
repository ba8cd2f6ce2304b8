#!/usr/bin/env bash
# All tests: pure ones, the native helper (also under ASan and UBSan), the rooms against the real kernel, and
# bin/gantry end to end. Needs root, for real containers. Ends with the line "N passed, N failed".
# Arguments are passed to vitest: npm test -- --project unit
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"

if [ "$(id -u)" != 0 ]; then
  exec sudo --preserve-env=CI,GANTRY_IMAGE_CACHE bash "$0" "$@"
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
make -C native --silent -j2 sanitize || exit 1

failed=0
vitest run --reporter=default --reporter=json --outputFile.json="$results/all.json" "$@" || failed=1
if [ $# = 0 ]; then
  echo "The native tests once more, with the helper built under ASan and UBSan"
  GANTRY_SHIM=$PWD/native/build/gantry-shim-asan vitest run --project native --reporter=default --reporter=json \
    --outputFile.json="$results/sanitized.json" || failed=1
fi
node scripts/count-results.mjs "$results"/*.json || failed=1
exit $failed
