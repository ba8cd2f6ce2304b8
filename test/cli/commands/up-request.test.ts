import { describe, expect, it } from "vitest";
import { checkUpOptions, type UpOptions, upRequest } from "../../../src/cli/commands/up-request.ts";
import { parse } from "../command-line.ts";

const INTENT = {
  project: { name: "shop", services: {}, networks: {}, volumes: {} },
  images: {},
  workingDirectory: "/shop",
  configFiles: ["/shop/compose.yaml"],
};

async function requestOf(...argv: string[]) {
  const { operands, options, globals } = await parse("up", ...argv);
  const { project, images, workingDirectory, configFiles, ...request } = upRequest(
    INTENT,
    operands,
    options as UpOptions,
    globals.dryRun,
  );
  expect({ project, images, workingDirectory, configFiles }).toEqual(INTENT);
  return request;
}

const PLAIN = {
  services: [],
  noDeps: false,
  recreate: "diverged",
  removeOrphans: false,
  scale: {},
  timeout: undefined,
  start: true,
  wait: false,
  waitTimeout: 0,
  dryRun: false,
};

describe("up", () => {
  it("asks for everything, as it is, by default", async () => {
    expect(await requestOf()).toEqual(PLAIN);
  });

  it.each([
    [["web", "db"], { services: ["web", "db"] }],
    [["--no-deps", "web"], { services: ["web"], noDeps: true }],
    [["--force-recreate"], { recreate: "force" }],
    [["--no-recreate"], { recreate: "never" }],
    [["--remove-orphans"], { removeOrphans: true }],
    [["--scale", "web=3", "--scale", "db=0"], { scale: { web: 3, db: 0 } }],
    [["-t", "5"], { timeout: 5 }],
    [["-t0"], { timeout: 0 }],
    [["--no-start"], { start: false }],
    [["--wait", "--wait-timeout", "60"], { wait: true, waitTimeout: 60 }],
    [["--dry-run"], { dryRun: true }],
    [["-d", "--always-recreate-deps", "web"], { services: ["web"], recreateDependencies: true }],
    [["-V"], { renewAnonymousVolumes: true }],
    [["-d", "-y", "--quiet-pull", "--no-build"], {}],
  ])("%j", async (argv, difference) => {
    expect(await requestOf(...argv)).toEqual({ ...PLAIN, ...difference });
  });

  it.each([
    [["--force-recreate", "--no-recreate"], "--force-recreate and --no-recreate"],
    [["-d", "--abort-on-container-exit"], "--detach and --abort-on-container-exit"],
    [["-d", "--exit-code-from", "web"], "--detach and --exit-code-from"],
    [["--wait", "--attach", "web"], "--wait and --attach"],
    [["--wait", "--no-start"], "--wait and --no-start"],
  ])("refuses %j", async (argv, message) => {
    const { options } = await parse("up", ...argv);
    expect(() => checkUpOptions(options as UpOptions)).toThrow(message);
  });
});
