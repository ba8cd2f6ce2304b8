import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { everyFileBelow } from "../../support/files.ts";
import { Stack } from "../../support/stack.ts";

const FILE = `
services:
  a:
    image: busybox
    command: [sleep, "1000"]
    read_only: true
    secrets:
      - from-file
      - { source: from-environment, target: renamed, uid: "1000", gid: "2000", mode: 0400 }
      - { source: from-store, target: /etc/stored }
    configs:
      - inline
      - { source: from-file, target: /etc/app/app.conf, mode: 0440, gid: "2000" }
      - { source: from-environment, target: /etc/app/other.conf }
  other: { image: busybox, command: [sleep, "1000"] }
secrets:
  from-file: { file: ./secret.txt }
  from-environment: { environment: PASSWORD }
  from-store: { external: true, name: stored.key }
configs:
  inline: { content: "port = \${PORT}\\n" }
  from-file: { file: ./app.conf }
  from-environment: { environment: WORDS }
`;

it("configs and secrets come from everywhere, with their owner and mode, and secrets are nowhere on disk", async () => {
  await using stack = await Stack.create({
    "compose.yaml": FILE,
    "secret.txt": "file-secret",
    "app.conf": "first\n",
    ".env": "WORDS=from dotenv\nPORT=80\n",
  });
  const environment = { PASSWORD: "tr0ub4dor&3-environment" };
  await stack.succeed(["secret", "create", "stored.key", "-"], { input: "stored" });
  const missing = await stack.run(["up", "-d"]);
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain("secret from-environment: the environment variable PASSWORD is not set");
  expect((await stack.run(["up", "-d"], { environment })).code).toBe(0);

  const see = (...paths: string[]) => stack.inside("a", "sh", "-c", `cat ${paths.join(" ")}`);
  expect(await see("/run/secrets/from-file")).toBe("file-secret");
  expect(await see("/run/secrets/renamed")).toBe(environment.PASSWORD);
  expect(await see("/etc/stored", "/inline", "/etc/app/app.conf", "/etc/app/other.conf")).toBe(
    "storedport = 80\nfirst\nfrom dotenv",
  );
  expect(
    await stack.inside(
      "a",
      "stat",
      "-c",
      "%u:%g %a",
      "/run/secrets/from-file",
      "/run/secrets/renamed",
      "/inline",
    ),
  ).toBe("0:0 444\n1000:2000 400\n0:0 444");
  expect(await stack.inside("a", "stat", "-c", "%u:%g %a", "/etc/app/app.conf")).toBe("0:2000 440");
  expect(
    await stack.inside("a", "grep", "-c", " /run/secrets/renamed .*- tmpfs ", "/proc/self/mountinfo"),
  ).toBe("1");
  expect((await stack.run(["exec", "-T", "a", "sh", "-c", "echo x > /inline"])).code).not.toBe(0);

  expect(placesOf(environment.PASSWORD, stack.root)).toEqual([]);
  expect(await stack.succeed(["ps", "--format", "json"])).not.toContain(environment.PASSWORD);
  await stack.succeed(["restart", "-t", "0", "a"]);
  expect(await see("/run/secrets/renamed")).toBe(environment.PASSWORD);
});

it("a container is made anew when the content of what it was given changes, and only then", async () => {
  await using stack = await Stack.create({
    "compose.yaml": FILE,
    "secret.txt": "one",
    "app.conf": "first\n",
    ".env": "WORDS=w\nPORT=80\nPASSWORD=p\n",
  });
  await stack.succeed(["secret", "create", "stored.key", "-"], { input: "stored" });
  await stack.succeed(["up", "-d"]);
  const ids = async () => Object.fromEntries((await stack.ps()).map((row) => [row["Service"], row["ID"]]));
  const first = await ids();
  await stack.succeed(["up", "-d"]);
  expect(await ids()).toEqual(first);
  writeFileSync(join(stack.directory, "app.conf"), "second\n");
  await stack.succeed(["restart", "-t", "0", "a"]);
  expect(await stack.inside("a", "cat", "/etc/app/app.conf")).toBe("second");
  expect(await stack.succeed(["up", "-d", "--dry-run"])).toContain("configs");
  await stack.succeed(["up", "-d", "-t", "0"]);
  const second = await ids();
  expect(second["a"]).not.toBe(first["a"]);
  expect(second["other"]).toBe(first["other"]);
  writeFileSync(join(stack.directory, ".env"), "WORDS=w\nPORT=80\nPASSWORD=q\n");
  await stack.succeed(["up", "-d", "-t", "0"]);
  expect((await ids())["a"]).not.toBe(second["a"]);
  expect(await stack.inside("a", "cat", "/run/secrets/renamed")).toBe("q");

  expect(await stack.succeed(["secret", "ls", "-q"])).toBe("stored.key\n");
  await stack.succeed(["secret", "rm", "stored.key"]);
  const { code, stderr } = await stack.run(["up", "-d"]);
  expect(code).toBe(1);
  expect(stderr).toContain("gantry secret create stored.key FILE");
});

/** Files below the root and arguments of processes that have the text in them. */
function placesOf(text: string, root: string): string[] {
  const files = everyFileBelow(root).filter((path) => {
    try {
      // A fifo would be waited for.
      return statSync(path).isFile() && readFileSync(path).includes(text);
    } catch {
      return false;
    }
  });
  const processes = readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`).includes(text);
    } catch {
      return false;
    }
  });
  return [...files, ...processes];
}
