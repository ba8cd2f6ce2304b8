#!/usr/bin/env bash
# All tests: pure ones, the native helper (also under ASan and UBSan), the rooms against the real kernel, and
# bin/gantry end to end, as root and as an ordinary user. Needs root, for real containers and to become that user. Ends with the line "N passed, N failed".
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
# run NAME ARGUMENT...: one run of vitest, its results in NAME.json
run() {
  local name=$1
  shift
  vitest run --reporter=default --reporter=json --outputFile.json="$results/$name.json" "$@" || failed=1
}

# What depends on the kernel's control groups, in an emulated machine that has version 2 alone (docs/cgroups.md).
run_on_version_2() {
  local reason
  reason=$(bash scripts/vm.sh --check) || { echo "Not run on cgroup v2 alone: $reason"; return; }
  echo "In a machine with nothing but cgroup v2"
  VM_RESULTS=$results/version-2.json VM_TIMEOUT=600 bash scripts/vm.sh \
    test/native/cgroup.test.ts test/native/device-filter.test.ts test/integration/runtime test/e2e/cgroups \
    test/e2e/attributes/runtimes.test.ts || failed=1
}

if [ $# -gt 0 ]; then
  run chosen "$@"
else
  run pure-and-native --project unit --project native
  echo "The native tests once more, with the helper built under ASan and UBSan"
  GANTRY_SHIM=$PWD/native/build/gantry-shim-asan run sanitized --project native
  # One file at a time from here: they look at what is left on the host.
  run integration --project integration --no-file-parallelism
  run e2e --project e2e --no-file-parallelism
  # Once more as an ordinary user: everything but cgroups, which are a user's by delegation alone (test/e2e/rootless),
  # and the demo, whose images would be built anew for minutes; fewer kills.
  if user=$(bash scripts/test-user.sh); then
    GANTRY_FAULT_KILLS=25 GANTRY_TEST_USER=$user run e2e-user --project e2e --no-file-parallelism \
      test/e2e/{rootless,lifecycle,network,volumes,settings,attributes,registry,streams,mistakes,images} \
      test/e2e/{options,dependencies,builds,faults,inspection,plan,readiness,timeline,watch}
  else
    failed=1
  fi
  run_on_version_2
fi
node scripts/count-results.mjs "$results"/*.json || failed=1
exit $failed
