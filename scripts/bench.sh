#!/usr/bin/env bash
# npm run bench: measures gantry, and Docker Compose beside it where an engine runs. Needs root.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/setup.sh
exec node_modules/.bin/node scripts/bench/main.mjs "$@"
