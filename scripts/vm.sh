#!/usr/bin/env bash
# Runs tests in a virtual machine that has nothing but cgroup v2: scripts/vm.sh [VITEST_ARGUMENT...]
#
# Boots Debian's cloud kernel in QEMU without KVM. The machine sees this host's files read-only by virtiofs with a
# memory file system over them, so it runs this very checkout with the programs installed here. Its vitest results go
# to $VM_RESULTS (default .cache/vm/results.json), its exit code is vitest's.
# With `--` first, the arguments are a command to be run there instead: scripts/vm.sh -- bash -c 'cat /proc/cgroups'
# Needs root, for virtiofs; docs/cgroups.md says more.
#
# scripts/vm.sh --check says why the machine cannot run here, if it cannot.
set -euo pipefail
checkout=$(cd "$(dirname "$0")/.." && pwd)
cache=$checkout/.cache/vm
files_server=/usr/lib/qemu/virtiofsd

why_not() {
  [ "$(uname -m)" = x86_64 ] || { echo "only x86-64 machines are emulated, and this is $(uname -m)"; return; }
  command -v qemu-system-x86_64 >/dev/null && [ -x "$files_server" ] || echo "qemu-system-x86 is not installed (npm run setup)"
}
reason=$(why_not)
[ "${1:-}" != --check ] || { echo "$reason"; [ -z "$reason" ]; exit; }
[ -z "$reason" ] || { echo "vm: $reason" >&2; exit 1; }

# shellcheck source=scripts/vm/prepare.sh
. "$checkout/scripts/vm/prepare.sh"

work=$(mktemp -d)
files_pid=
finish() {
  [ -z "$files_pid" ] || kill "$files_pid" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# What to do in there: the machine reads it through the shared files.
{
  printf 'cd %q\n' "$checkout"
  # Read once, so that the first test does not pay for it.
  printf 'bin/gantry version >/dev/null\n'
  printf 'export CI=%q GANTRY_VM=1 PATH=%q/node_modules/.bin:$PATH\n' "${CI:-}" "$checkout"
  if [ "${1:-}" = -- ]; then
    shift
    printf '%q ' "$@"
  else
    printf 'vitest run --no-file-parallelism --testTimeout=600000 --hookTimeout=600000 --reporter=verbose --reporter=json --outputFile.json=/results/results.json '
    [ $# = 0 ] || printf '%q ' "$@"
  fi
} > "$work/job"
make_initramfs "$work" > "$work/initramfs"
truncate -s 16M "$work/results"

"$files_server" --socket-path="$work/files.sock" -o source=/ -o cache=always -o sandbox=chroot \
  --thread-pool-size=2 >"$work/files.log" 2>&1 &
files_pid=$!

# No devices that are not used, and an end at the first panic. The clock is the processor's: to ask the emulated timer
# would stop the machine each time.
timeout "${VM_TIMEOUT:-1800}" qemu-system-x86_64 \
  -machine q35,memory-backend=memory -cpu max -smp 2 -m "${VM_MEMORY:-4G}" \
  -object memory-backend-memfd,id=memory,size="${VM_MEMORY:-4G}",share=on \
  -accel tcg,thread=multi,tb-size=512 \
  -nodefaults -no-user-config -display none -no-reboot -serial stdio \
  -kernel "$kernel" -initrd "$work/initramfs" \
  -append "console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off tsc=reliable clocksource=tsc" \
  -chardev socket,id=files,path="$work/files.sock" -device vhost-user-fs-pci,chardev=files,tag=host,queue-size=1024 \
  -drive file="$work/results",format=raw,if=none,id=results,cache=unsafe -device virtio-blk-pci,drive=results \
  -netdev user,id=net -device virtio-net-pci,netdev=net,romfile= \
  -device virtio-rng-pci </dev/null | sed -u 's|\r$||' || true

mkdir -p "$work/out"
tar -xf "$work/results" -C "$work/out" 2>/dev/null || { echo "vm: the machine ended without a result" >&2; exit 1; }
[ ! -e "$work/out/results.json" ] || cp "$work/out/results.json" "${VM_RESULTS:-$cache/results.json}"
[ -e "$work/out/code" ] || { echo "vm: the machine ended without a result" >&2; exit 1; }
exit "$(cat "$work/out/code")"
