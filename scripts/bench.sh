#!/usr/bin/env bash
# npm run bench, bench:watch, bench:build: measure gantry, and Docker Compose beside it where an engine runs. Needs root.
# bench.sh [MEASUREMENT] [ARGUMENT...]: main when it is not said.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/setup.sh
measurement=main
if [ "${1-}" = watch ] || [ "${1-}" = build ]; then
  measurement=$1
  shift
fi
exec node_modules/.bin/node "scripts/bench/$measurement.mjs" "$@"
