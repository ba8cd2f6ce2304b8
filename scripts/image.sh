#!/usr/bin/env bash
# Makes an image from Debian packages and puts it into gantry's store: scripts/image.sh RECIPE [GANTRY_ARGUMENT...]
# scripts/image.sh --archive RECIPE only makes the root file system, and prints where it is.
#
# A recipe is a shell file that sets
#   reference   the image's name, as compose files use it
#   packages    Debian packages, comma-separated
#   suite       Debian's release (optional, this machine's)
#   changes     an array of Dockerfile-style instructions (CMD, ENV, USER …)
#   customize   an array of commands run against the root directory "$1" by mmdebstrap (optional); their files are
#               in the folder beside the recipe that has its name
# The root file system is cached below .cache/images under the hash of the recipe, so a second run only imports it,
# and does not even do that when the store has it already.
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
only_archive=
if [ "$1" = --archive ]; then only_archive=yes; shift; fi
recipe=$(realpath "$1")
shift
script=$(realpath "$0")
cd "$(dirname "$recipe")"

customize=()
changes=()
suite=
# shellcheck source=/dev/null
. "$recipe"

own_suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
suite=${suite:-$own_suite}
own_files() { [ ! -d "${recipe%.recipe}" ] || find "${recipe%.recipe}" -type f -print0 | sort -z; }
hash=$( (cat "$recipe" "$script"; echo "$suite"; own_files | xargs -0r cat) | sha256sum | cut -c1-16)
cache=${GANTRY_IMAGE_CACHE:-$project/.cache/images}
archive=$cache/$(basename "$recipe" .recipe)-$hash.tar.zst

# Needs no root where an ordinary user may have a user namespace.
debian() {
  if [ "$(id -u)" = 0 ] || unshare --user true 2>/dev/null; then mmdebstrap "$@"; else sudo mmdebstrap "$@"; fi
}

bootstrap() {
  mkdir -p "$cache"
  local arguments=(--quiet --variant=minbase "--include=$packages" --format=tar
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*'
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*')
  local command sources=()
  for command in "${customize[@]}"; do arguments+=("--customize-hook=$command"); done
  # Where this machine gets its packages from, unless the image is of another release.
  if [ "$suite" = "$own_suite" ]; then
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do [ -s "$file" ] && sources+=("$file"); done
  fi
  echo "image: making $reference from Debian packages (once; half a minute)" >&2
  debian "${arguments[@]}" "$suite" - "${sources[@]}" | zstd -q -3 -T0 > "$archive.$$"
  mv "$archive.$$" "$archive"
}

in_store() {
  "$project/bin/gantry" "$@" image inspect "$reference" 2>/dev/null | grep -q "\"gantry.recipe\": \"$hash\""
}

[ -n "$only_archive" ] || ! in_store "$@" || exit 0
[ -e "$archive" ] || bootstrap
[ -z "$only_archive" ] || { echo "$archive"; exit 0; }
flags=(--change "LABEL gantry.recipe=$hash")
for change in "${changes[@]}"; do flags+=(--change "$change"); done
"$project/bin/gantry" "$@" image import "${flags[@]}" "$archive" "$reference" >/dev/null
echo "image: $reference is in the store"
