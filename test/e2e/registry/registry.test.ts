import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DebianRegistry } from "../../support/debian-registry.ts";
import { Stack } from "../../support/stack.ts";
import { testUser } from "../../support/test-user.ts";

const skopeo = (...args: string[]) => execFileSync("skopeo", args, { encoding: "utf8" });
const digestAt = (name: string) =>
  JSON.parse(skopeo("inspect", "--tls-verify=false", `docker://${name}`)).Digest as string;

/** Services that run this image, one of them only on what another one needs. */
const services = (image: string, more = "") => `services:
  web: { image: "${image}", command: sleep 600, init: true, depends_on: [db] ${more} }
  db: { image: "${image}", command: sleep 600, init: true }
`;

it("images are pushed, pulled by up, and the same to skopeo", async () => {
  await using registry = await DebianRegistry.start();
  const image = `${registry.host}/team/shop:1`;
  await using stack = await Stack.create({ "compose.yaml": services(image) });
  await stack.succeed(["image", "tag", "busybox", image]);
  const pushed = await stack.succeed(["image", "push", image]);
  const digest = /sha256:[0-9a-f]{64}/.exec(pushed)![0];
  expect(digestAt(image)).toBe(digest);
  await stack.succeed(["image", "rm", image]);

  const dry = await stack.succeed(["up", "--dry-run"]);
  expect(dry).toContain(`pull image ${image} of service web: it is missing`);
  const { code, stderr } = await stack.run(["--progress", "plain", "up", "-d"]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^ Image \S+\/shop:1 {2}Pulling$/m);
  expect(stderr).toMatch(/^ Image \S+\/shop:1 {2}Pulled$/m);
  expect(await stack.inside("web", "cat", "/seed/inner/file")).toBe("from the image");

  // What skopeo copies on its way keeps its digest, by tag and by digest.
  const copy = `${registry.host}/copies/shop:2`;
  skopeo(
    "copy",
    "--src-tls-verify=false",
    "--dest-tls-verify=false",
    `docker://${image}`,
    `docker://${copy}`,
  );
  const said = await stack.succeed(["image", "pull", copy]);
  expect(said).toContain(`Digest: ${digest}`);
  await stack.succeed(["image", "pull", "-q", `${registry.host}/copies/shop@${digest}`]);
  expect(await stack.succeed(["image", "tags", `${registry.host}/copies/shop`])).toBe("2\n");

  // Nor does it change on the way through an archive, which skopeo reads too.
  await stack.succeed(["image", "save", "-o", "shop.tar", image]);
  expect(
    JSON.parse(skopeo("inspect", `docker-archive:${join(stack.directory, "shop.tar")}`)).Layers,
  ).toHaveLength(1);
  await stack.succeed(["down", "-t", "0"]);
  expect(await stack.succeed(["image", "prune", "-a", "-f"])).toContain(`untagged: ${image}`);
  expect(await stack.succeed(["system", "df"])).toMatch(/^Images +0 +0 +0B +0B$/m);
  await stack.succeed(["image", "load", "-q", "-i", "shop.tar"]);
  expect(await stack.succeed(["image", "push", image])).toContain(digest);
  expect(await stack.succeed(["image", "history", image])).toContain("Imported from -");

  const missing = await stack.run(["image", "pull", `${registry.host}/team/none:3`]);
  expect(missing.code).toBe(18);
  expect(missing.stderr).toContain(registry.host);
  expect(missing.stderr).toContain("team/none:3");
  expect(missing.stderr).toContain("hint:");
});

it("a policy decides when images are pulled", async () => {
  await using registry = await DebianRegistry.start();
  const image = `${registry.host}/shop:1`;
  await using stack = await Stack.create({ "compose.yaml": services(image, ', pull_policy: "never"') });
  await stack.succeed(["image", "tag", "busybox", image]);
  await stack.succeed(["image", "push", "-q", image]);
  await stack.succeed(["image", "rm", image]);
  const refused = await stack.run(["up", "-d", "web"]);
  expect(refused.code).toBe(18);
  expect(refused.stderr).toContain("its pull policy is never");

  const skipped = await stack.run(["--progress", "plain", "pull", "--policy", "missing"]);
  expect(skipped.stderr).toContain("Pulled");
  const again = await stack.run(["--progress", "plain", "pull", "--policy", "missing"]);
  expect(again.stderr).toContain("already present");
  await stack.succeed(["up", "-d", "--pull", "always"]);
  const locked = await stack.succeed(["config", "--lock-image-digests"]);
  expect(locked).toContain(`${image}@${digestAt(image)}`);
  stack.write({ "gantry.lock": locked });
  const pinned = await stack.run(["--progress", "plain", "up", "-d", "--pull", "always"]);
  expect(pinned.stderr).toContain(`Image ${image}@${digestAt(image)}  Pulled`);
  const alone = await stack.run(["--progress", "plain", "pull", "web"]);
  expect(alone.stderr).toContain("never");
  expect((await stack.run(["--progress", "plain", "pull", "--include-deps", "web"])).stderr).toContain(
    "Pulled",
  );
});

it("a registry behind TLS and a password is used after login", async () => {
  await using registry = await DebianRegistry.start({ locked: true });
  const image = `${registry.host}/shop:1`;
  await using stack = await Stack.create({ "compose.yaml": services(image) });
  const home = join(stack.root, "home");
  const certificates = join(home, ".config/gantry/certs.d", registry.host);
  mkdirSync(certificates, { recursive: true });
  writeFileSync(join(certificates, "ca.crt"), registry.certificate);
  if (testUser) spawnSync("chown", ["-R", `${testUser.uid}:${testUser.gid}`, home]);
  const environment = { HOME: home, XDG_CONFIG_HOME: "", DOCKER_CONFIG: "" };
  const run = (args: readonly string[], input = "") => stack.run(args, { environment, input });
  await stack.succeed(["image", "tag", "busybox", image]);

  const refused = await run(["image", "push", image]);
  expect(refused.code).toBe(18);
  expect(refused.stderr).toContain(`gantry login ${registry.host}`);
  const login = ["login", "-u", "ada", "--password-stdin", registry.host];
  expect((await run(login, "wrong\n")).code).toBe(18);
  const { code, stdout, stderr } = await run(login, "secret\n");
  expect([code, stdout]).toEqual([0, "Login Succeeded\n"]);
  expect(stdout + stderr).not.toContain("secret");
  expect((await run(["image", "push", image])).code).toBe(0);
  await run(["image", "rm", image]);
  expect((await run(["up", "-d"])).code).toBe(0);
  await run(["down", "-t", "0"]);
  await run(["image", "rm", image]);
  await run(["logout", registry.host]);
  expect((await run(["up", "-d"])).stderr).toContain("cannot be pulled");
});
