#!/usr/bin/env bash
# Brings the guestbook up, shows it working, and leaves it running. `npm run demo -- --down` stops it.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/setup.sh

# An ordinary user's gantry needs no root; where the machine does not allow that, root runs the demo.
if [ "$(id -u)" != 0 ] && ! bin/gantry doctor >/dev/null; then
  exec sudo --preserve-env=GANTRY_ROOT,GANTRY_IMAGE_CACHE,GUESTBOOK_PORT bash "$0" "$@"
fi

gantry=$PWD/bin/gantry
example=examples/guestbook
export GUESTBOOK_PORT=${GUESTBOOK_PORT:-8080}
page=http://127.0.0.1:$GUESTBOOK_PORT

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
milliseconds() { date +%s%3N; }
stack() { (cd "$example" && "$gantry" "$@"); }

if [ "${1:-}" = --down ]; then
  stack down
  echo "The guestbook is down. Its entries stay in the volume guestbook_data; '$gantry -p guestbook down -v' removes it."
  exit 0
fi

say "gantry build: four Dockerfiles, side by side (all of it is cached afterwards)"
bash scripts/base-image.sh
stack build

say "gantry up -d --wait"
started=$(milliseconds)
stack up -d --wait
say "Ready in $(($(milliseconds) - started)) ms: db and cache healthy, then app healthy, then web"

entry="Set down by the crane at $(date '+%H:%M:%S')"
say "Posting an entry through the published port, $page"
curl -fsS -o /dev/null --data-urlencode "name=demo" --data-urlencode "text=$entry" "$page/entries"
curl -fsS "$page/entries" | grep -qF "$entry" && echo "posted and read back: $entry"

say "gantry ps"
stack ps

say "gantry down, and up again"
stack down
started=$(milliseconds)
stack up -d --wait
say "Ready in $(($(milliseconds) - started)) ms"
curl -fsS "$page/entries" | grep -qF "$entry" || { echo "the entry is gone" >&2; exit 1; }
echo "the entry is still there: $entry"

cat <<END

The guestbook is running.
  look at it      $page
  its logs        cd $example && ../../bin/gantry logs -f
  a shell in it   cd $example && ../../bin/gantry exec app sh
  stop it         npm run demo -- --down
END
