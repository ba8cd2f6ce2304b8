#!/usr/bin/env bash
# Makes a fresh clone ready: Debian packages, npm packages, the native helper, the bundle.
# Does nothing, quickly, when all is there. `npm run demo` and `npm test` begin with it.
set -euo pipefail
cd "$(dirname "$0")/.."

# What gantry itself needs, what builds it, and what the demo's and the tests' images are made from.
packages=(iproute2 nftables iptables uidmap passt musl-tools gcc make libc6-dev busybox-static mmdebstrap zstd curl ca-certificates
  docker-registry skopeo openssl slirp4netns git openssh-client runc crun runsc podman)
# The test machine with cgroup v2 (scripts/vm.sh).
[ "$(dpkg --print-architecture 2>/dev/null)" != amd64 ] || packages+=(qemu-system-x86)

say() { printf 'setup: %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_debian_packages() {
  local missing=() package
  for package in "${packages[@]}"; do
    [ -e "/var/lib/dpkg/info/$package.list" ] || [ -e "/var/lib/dpkg/info/$package:$(architecture).list" ] \
      || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get >/dev/null || {
    echo "setup: these programs are missing and apt-get is not there to install them: ${missing[*]}" >&2
    exit 1
  }
  say "installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  # The tests start registries of their own; the package's own must not listen on every machine that runs them.
  case " ${missing[*]} " in *" docker-registry "*)
    [ ! -d /run/systemd/system ] || as_root systemctl disable --now --quiet docker-registry ;;
  esac
}

architecture() { dpkg --print-architecture; }

install_npm_packages() {
  [ node_modules/.package-lock.json -nt package-lock.json ] && return
  say "installing npm packages"
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.package-lock.json
}

# true when the target is missing or older than any of the files and folders after it
is_stale() {
  local target=$1
  shift
  [ ! -e "$target" ] || [ -n "$(find "$@" -newer "$target" -type f -print -quit)" ]
}

build_helper() {
  is_stale native/build/gantry-shim native/*.c native/*.h native/Makefile || return 0
  say "building the native helper"
  make -C native --silent -j2 all
  touch native/build/gantry-shim
}

build_bundle() {
  is_stale dist/gantry.cjs src scripts/build.mjs package-lock.json || return 0
  say "building the bundle"
  node_modules/.bin/node scripts/build.mjs
}

install_debian_packages
install_npm_packages
build_helper
build_bundle
