import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { digestOf } from "../../../src/image/digest.ts";
import { Puller, RegistryClient, resolveImage } from "../../../src/image/index.ts";
import { CredentialStore } from "../../../src/image/registry/credentials.ts";
import { rawTar } from "../../image/tar/raw-tar.ts";
import { HostileRegistry } from "../../support/hostile-registry.ts";
import { failureOf, type TemporaryStore, temporaryStore } from "./fixtures.ts";
import { bareSettings } from "./registry-settings.ts";

const tar = rawTar([{ name: "words", content: "from somewhere" }]);

async function pull(store: TemporaryStore, name: string, more: object = {}) {
  using client = new RegistryClient({ ...bareSettings(store.root), ...more });
  await using puller = new Puller(store, client);
  return await puller.pull({ name });
}

it("a mirror is asked first, and the registry when the mirror has nothing", async () => {
  using store = temporaryStore();
  await using mirror = await HostileRegistry.start();
  await using registry = await HostileRegistry.start();
  mirror.addImage("1", [{ tar }]);
  registry.addImage("2", [{ tar }]);
  const rules = { insecure: false, mirrors: [`http://${mirror.host}/through`] };
  const registries = { [registry.host]: rules };
  await pull(store, `${registry.host}/shop:1`, { registries });
  expect(registry.requests).toEqual([]);
  expect(mirror.count("/v2/through/shop/manifests/1")).toBe(1);
  await pull(store, `${registry.host}/shop:2`, { registries });
  expect(resolveImage(store, `${registry.host}/shop:2`)).toBeDefined();
  const missing = await failureOf(pull(store, `${registry.host}/shop:3`, { registries }));
  expect(missing.message).toContain(registry.host);
});

it("a proxy is used where the environment names one, and not where NO_PROXY says so", async () => {
  using store = temporaryStore();
  await using registry = await HostileRegistry.start();
  registry.addImage("1", [{ tar }]);
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(request.url!);
    const { port, pathname } = new URL(request.url!);
    forward({ host: "127.0.0.1", port, path: pathname }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    }).end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  try {
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    // A name only the proxy can resolve.
    const name = `registry.invalid:${registry.host.split(":")[1]}/shop:1`;
    const mirrors = [`http://${name.split("/")[0]}`];
    const registries = { "far.invalid": { insecure: false, mirrors } };
    const environment = { HTTP_PROXY: address, NO_PROXY: "near.invalid" };
    await pull(store, "far.invalid/shop:1", { registries, environment });
    expect(asked.some((url) => url.includes("registry.invalid"))).toBe(true);
    asked.length = 0;
    await pull(store, `${registry.host}/shop:1`, { environment: { ...environment, NO_PROXY: "127.0.0.1" } });
    expect(asked).toEqual([]);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});

it("credentials lie with the helper that Docker's config.json names", async () => {
  const directory = mkdtempSync(join(tmpdir(), "gantry-helper-"));
  const path = process.env["PATH"];
  try {
    const bin = join(directory, "bin");
    mkdirSync(bin);
    const program = join(bin, "docker-credential-test");
    const script = `#!/bin/sh
case $1 in
store) cat >"${directory}/kept" ;;
get) cat >/dev/null; cat "${directory}/kept" 2>/dev/null || { echo "credentials not found in native keychain"; exit 1; } ;;
erase) cat >/dev/null; rm "${directory}/kept" ;;
esac
`;
    writeFileSync(program, script);
    chmodSync(program, 0o755);
    process.env["PATH"] = `${bin}:${path}`;
    writeFileSync(join(directory, "config.json"), '{"credHelpers":{"a.example":"test"},"other":1}');
    const store = new CredentialStore(directory);
    const credentials = { username: "ada", password: "secret" };
    expect(await store.find("a.example")).toBeUndefined();
    expect(await store.save("a.example", credentials)).toBeUndefined();
    expect(await store.find("a.example")).toEqual(credentials);
    const file = () => execFileSync("cat", [join(directory, "config.json")], { encoding: "utf8" });
    expect(file()).not.toContain("secret");
    expect(JSON.parse(file()).other).toBe(1);
    expect(await store.remove("a.example")).toBe(true);
    expect(await store.find("a.example")).toBeUndefined();
    await store.save("docker.io", { ...credentials, identityToken: "t" });
    expect(await store.find("registry-1.docker.io")).toMatchObject({ username: "ada", identityToken: "t" });
  } finally {
    process.env["PATH"] = path;
    rmSync(directory, { recursive: true });
  }
});

it("a disk that fills up is a clear error, and nothing of the image stays", async () => {
  const root = mkdtempSync(join(tmpdir(), "gantry-small-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=3000k", "gantry-test", root]);
  try {
    using store = temporaryStore(join(root, "store"));
    await using registry = await HostileRegistry.start();
    const large = rawTar([{ name: "noise", content: Buffer.alloc(8_000_000, 1) }]);
    registry.addImage("1", [{ tar }, { tar: large }]);
    expect(await failureOf(pull(store, `${registry.host}/shop:1`))).toMatchObject({ code: "disk-full" });
    expect(resolveImage(store, `${registry.host}/shop:1`)).toBeUndefined();
    registry.addImage("2", [{ tar }]);
    await pull(store, `${registry.host}/shop:2`);
    expect(registry.count(digestOf(large))).toBe(1);
  } finally {
    execFileSync("umount", [root]);
    rmSync(root, { recursive: true, force: true });
  }
});
