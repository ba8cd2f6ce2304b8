import { defineConfig } from "vitest/config";

/**
 * Four projects, so that each can be run on its own:
 *  unit         pure: no root, no network, no processes of ours
 *  native       the helper as a black box (needs native/build/gantry-shim)
 *  integration  one room against the real kernel (real namespaces, cgroups, bridges)
 *  e2e          bin/gantry as a user runs it; one GANTRY_ROOT per test
 */
const kernelTest = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/native/**", "test/integration/**", "test/e2e/**"],
          setupFiles: ["test/support/property-seed.ts"],
          // Milliseconds each, but a busy machine is no failure.
          testTimeout: 60_000,
        },
      },
      { test: { name: "native", include: ["test/native/**/*.test.ts"], ...kernelTest } },
      { test: { name: "integration", include: ["test/integration/**/*.test.ts"], ...kernelTest } },
      {
        test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], testTimeout: 180_000, hookTimeout: 180_000 },
      },
    ],
  },
});
