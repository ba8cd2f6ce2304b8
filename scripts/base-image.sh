#!/usr/bin/env bash
# Sees to it that the store has debian:bookworm-slim, which the examples' Dockerfiles begin with: as the registry has
# it, or, where none is reachable, made from Debian packages (once; then cached).
set -euo pipefail
cd "$(dirname "$0")/.."

gantry=$PWD/bin/gantry
image=debian:bookworm-slim

"$gantry" image inspect "$image" >/dev/null 2>&1 && exit 0
cached=("${GANTRY_IMAGE_CACHE:-.cache/images}"/debian-*.tar.zst)
if [ ! -e "${cached[0]}" ] && timeout 60 "$gantry" image pull -q "$image" >/dev/null 2>&1; then exit 0; fi
bash scripts/image.sh examples/images/debian.recipe
