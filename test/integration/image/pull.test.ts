import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { digestOf } from "../../../src/image/digest.ts";
import {
  collectGarbage,
  holdImages,
  inspectImage,
  type PullEvent,
  Puller,
  type PullRequest,
  RegistryClient,
  removeImage,
  resolveImage,
} from "../../../src/image/index.ts";
import { rawTar } from "../../image/tar/raw-tar.ts";
import { breakOff, DOCKER_MANIFEST, HostileRegistry, INDEX } from "../../support/hostile-registry.ts";
import { failureOf, type TemporaryStore, temporaryStore } from "./fixtures.ts";
import { bareSettings } from "./registry-settings.ts";

const tar = rawTar([{ name: "words", content: "from the registry" }]);
const largeTar = rawTar([{ name: "noise", content: randomBytes(3 * 1024 * 1024) }]);
const largeDigest = digestOf(largeTar);

/** Pulls with a client of its own, as a command does. */
async function pull(store: TemporaryStore, request: PullRequest, settings = bareSettings(store.root)) {
  using client = new RegistryClient(settings);
  await using puller = new Puller(store, client);
  return await puller.pull(request);
}

function expectNothing(store: TemporaryStore): void {
  const names = ["layers", "blobs/sha256"]
    .map((name) => join(store.root, name))
    .filter((path) => existsSync(path));
  expect(names.flatMap((path) => readdirSync(path))).toEqual([]);
  expect(store.database.all("SELECT * FROM holds")).toEqual([]);
}

const wordsOf = (store: TemporaryStore, name: string) =>
  readFileSync(join(resolveImage(store, name)!.layerDirectories[0]!, "words"), "utf8");

describe("an image is pulled", () => {
  it.each([
    ["plain", tar, undefined],
    ["gzip, in Docker's format", gzipSync(tar), DOCKER_MANIFEST],
    ["zstd", zstdCompressSync(tar), undefined],
  ])("%s", async (_name, stored, type) => {
    using store = temporaryStore();
    await using registry = await HostileRegistry.start();
    const { digest } = registry.addImage("1", [{ tar, stored }], type ? { type } : {});
    const name = `${registry.host}/shop:1`;
    expect(await pull(store, { name })).toMatchObject({ digest, reference: name, upToDate: false });
    expect(wordsOf(store, name)).toBe("from the registry");
    expect(inspectImage(store, name)).toMatchObject({ RepoDigests: [`${registry.host}/shop@${digest}`] });
    const before = registry.count("/blobs/");
    expect(await pull(store, { name })).toMatchObject({ upToDate: true });
    expect(registry.count("/blobs/")).toBe(before);
  });

  it("by digest, and for the platform of the machine or the one asked for", async () => {
    using store = temporaryStore();
    await using registry = await HostileRegistry.start();
    const arm = { architecture: "arm", os: "linux", variant: "v7" };
    const manifests = [
      registry.addImage("amd64", [{ tar }]),
      registry.addImage("arm", [{ tar: largeTar }], { platform: arm }),
      { ...registry.addImage("x", [{ tar }]), platform: { os: "unknown", architecture: "unknown" } },
    ];
    const { digest } = registry.addManifest("all", { schemaVersion: 2, mediaType: INDEX, manifests }, INDEX);
    const name = `${registry.host}/shop@${digest}`;
    await pull(store, { name, platform: { os: "linux", architecture: "amd64" } });
    expect(wordsOf(store, name)).toBe("from the registry");
    await pull(store, { name, platform: { os: "linux", architecture: "arm", variant: "v7" } });
    expect(resolveImage(store, name)).toMatchObject({ architecture: "arm" });
    const refused = pull(store, { name, platform: { os: "linux", architecture: "arm", variant: "v6" } });
    expect(await failureOf(refused)).toMatchObject({ code: "platform-unavailable" });
  });

  it("and removing its last name removes what was pulled under its digest too", async () => {
    using store = temporaryStore();
    await using registry = await HostileRegistry.start();
    registry.addImage("1", [{ tar }]);
    const name = `${registry.host}/shop:1`;
    await pull(store, { name });
    await removeImage(store, name, { force: false, usedBy: new Map() });
    expectNothing(store);
  });
});

describe("the layers of an image that is removed", () => {
  it("stay while a container stands on them, or is about to", async () => {
    using store = temporaryStore();
    await using registry = await HostileRegistry.start();
    registry.addImage("1", [{ tar }]);
    const name = `${registry.host}/shop:1`;
    await pull(store, { name });
    const image = resolveImage(store, name)!;
    const { layerDirectories } = image;
    const remove = { force: false, usedBy: new Map() };
    await removeImage({ ...store, layersInUse: () => layerDirectories }, name, remove);
    expect(readFileSync(join(layerDirectories[0]!, "words"), "utf8")).toBe("from the registry");
    holdImages(store, [image]);
    await collectGarbage(store);
    expect(existsSync(layerDirectories[0]!)).toBe(true);
    store.database.run("DELETE FROM holds");
    await collectGarbage(store);
    expect(() => holdImages(store, [image])).toThrow(/was removed/);
  });
});

describe("a connection that breaks", () => {
  it("is made again, and the layer goes on where it stopped", async () => {
    using store = temporaryStore();
    await using registry = await HostileRegistry.start();
    registry.addImage("1", [{ tar: largeTar }]);
    let left = 2;
    registry.mischief = (request, response, content) => {
      if (!request.url!.includes(largeDigest) || left-- <= 0) return false;
      breakOff(request, response, content!, 1_000_000);
      return true;
    };
    const events: PullEvent[] = [];
    const onEvent = (event: PullEvent) => events.push(event);
    await pull(store, { name: `${registry.host}/shop:1`, onEvent });
    expect(registry.count(largeDigest)).toBe(3);
    const statuses = events.flatMap((event) => (event.kind === "layer" ? event.status : []));
    expect(statuses).toContain("retrying");
    expect(statuses.at(-1)).toBe("pull complete");
  });

  it("too often is given up, and nothing stays", async () => {
    using store = temporaryStore();
    await using registry = await HostileRegistry.start();
    registry.addImage("1", [{ tar: largeTar }]);
    registry.mischief = (request, response, content) => {
      if (!request.url!.includes(largeDigest)) return false;
      breakOff(request, response, content!, 100);
      return true;
    };
    const attempt = pull(
      store,
      { name: `${registry.host}/shop:1` },
      { ...bareSettings(store.root), attempts: 2 },
    );
    expect(await failureOf(attempt)).toMatchObject({ code: "registry-content" });
    expectNothing(store);
  });

  it("or a registry that is busy is tried again when it asks to", async () => {
    using store = temporaryStore();
    await using registry = await HostileRegistry.start();
    registry.addImage("1", [{ tar }]);
    const answers = [429, 503];
    registry.mischief = (request, response) => {
      const status = request.url!.includes("/manifests/") ? answers.shift() : undefined;
      if (status) response.writeHead(status, { "retry-after": "0" }).end();
      return status !== undefined;
    };
    await pull(store, { name: `${registry.host}/shop:1` });
    expect(answers).toEqual([]);
  });

  it("or silence is not waited for for ever", async () => {
    using store = temporaryStore();
    await using registry = await HostileRegistry.start();
    registry.addImage("1", [{ tar }]);
    registry.mischief = (request) => request.url!.includes("/manifests/");
    const settings = { ...bareSettings(store.root), idleTimeout: 100, attempts: 1 };
    const attempt = pull(store, { name: `${registry.host}/shop:1` }, settings);
    expect(await failureOf(attempt)).toMatchObject({ code: "registry-unreachable" });
  });
});

describe("a registry that lies", () => {
  type Lie = (registry: HostileRegistry) => void;
  const other = (registry: HostileRegistry, part: string, content: Buffer) => {
    registry.mischief = (request, response) => {
      if (!request.url!.includes(part)) return false;
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(content);
      return true;
    };
  };
  const lies: readonly (readonly [string, Lie])[] = [
    [
      "about a layer's digest",
      (it) => other(it, digestOf(tar), rawTar([{ name: "x", content: "y".repeat(17) }])),
    ],
    ["about a layer's length", (it) => other(it, digestOf(tar), Buffer.concat([tar, tar]))],
    ["about a manifest's digest", (it) => other(it, "/manifests/sha256", Buffer.from("{}"))],
    ["with a document without end", (it) => other(it, "/manifests/1", Buffer.alloc(9 * 1024 * 1024))],
    [
      "with redirects in a circle",
      (it) => {
        it.mischief = (request, response) => {
          if (request.url !== "/v2/") response.writeHead(307, { location: `${request.url}x` }).end();
          return request.url !== "/v2/";
        };
      },
    ],
    [
      "with a redirect to a file",
      (it) => {
        it.mischief = (request, response) => {
          if (request.url !== "/v2/") response.writeHead(307, { location: "file:///etc/passwd" }).end();
          return request.url !== "/v2/";
        };
      },
    ],
  ];

  it.each(lies)("%s is not believed, and nothing stays", async (_name, lie) => {
    using store = temporaryStore();
    await using registry = await HostileRegistry.start();
    const { digest } = registry.addImage("1", [{ tar }]);
    lie(registry);
    const names = [`${registry.host}/shop:1`, `${registry.host}/shop@${digest}`];
    const failures = [];
    for (const name of names)
      failures.push(await failureOf(pull(store, { name })).catch(() => ({ code: "none" })));
    expect(failures.map(({ code }) => code)).toContain("registry-content");
    await removeAll(store);
    expectNothing(store);
  });

  it("with an index that holds itself is left", async () => {
    using store = temporaryStore();
    await using registry = await HostileRegistry.start();
    registry.mischief = (request, response) => {
      if (!request.url!.includes("/manifests/")) return false;
      const entry = {
        mediaType: INDEX,
        digest: digestOf("x"),
        size: 1,
        platform: { os: "linux", architecture: "amd64" },
      };
      const body = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [entry] });
      response.writeHead(200, { "content-type": INDEX }).end(body);
      return true;
    };
    expect(await failureOf(pull(store, { name: `${registry.host}/shop:1` }))).toMatchObject({
      code: "registry-content",
    });
  });

  async function removeAll(store: TemporaryStore): Promise<void> {
    store.database.run("DELETE FROM images");
    await collectGarbage(store);
  }
});

describe("credentials", () => {
  const login = Buffer.from("ada:secret").toString("base64");

  it("go to the registry and its token server, and not where it redirects", async () => {
    using store = temporaryStore();
    await using registry = await HostileRegistry.start();
    await using elsewhere = await HostileRegistry.start();
    registry.addImage("1", [{ tar }]);
    elsewhere.addBlob(tar);
    let tokens = 0;
    registry.mischief = (request, response) => {
      const { authorization } = request.headers;
      if (request.url!.startsWith("/token")) {
        expect(authorization).toBe(`Basic ${login}`);
        response.end(JSON.stringify({ token: `t${++tokens}`, expires_in: 3600 }));
        return true;
      }
      // The first token is taken back after its first use.
      const isValid =
        authorization === "Bearer t2" ||
        (authorization === "Bearer t1" && request.url!.includes("/manifests/"));
      if (!isValid) {
        const challenge = `Bearer realm="http://${registry.host}/token",service="here",scope="repository:shop:pull"`;
        response.writeHead(401, { "www-authenticate": challenge }).end();
        return true;
      }
      if (!request.url!.includes(digestOf(tar))) return false;
      response.writeHead(307, { location: `http://${elsewhere.host}/v2/shop/blobs/${digestOf(tar)}` }).end();
      return true;
    };
    mkdirSync(join(store.root, ".docker"));
    const config = { auths: { [registry.host]: { auth: login } } };
    writeFileSync(join(store.root, ".docker/config.json"), JSON.stringify(config));
    await pull(store, { name: `${registry.host}/shop:1` });
    expect(tokens).toBe(2);
    expect(elsewhere.requests).toEqual([{ method: "GET", url: `/v2/shop/blobs/${digestOf(tar)}` }]);
  });
});

describe("a layer that several want", () => {
  const program = fileURLToPath(new URL("pull-child.ts", import.meta.url));
  const start = (store: TemporaryStore, name: string): ChildProcess =>
    spawn(process.execPath, [program, store.root, name], { stdio: "inherit" });

  it("is fetched once, for several images and several commands at once", async () => {
    using store = temporaryStore();
    await using registry = await HostileRegistry.start();
    registry.addImage("1", [{ tar: largeTar }]);
    registry.addImage("2", [{ tar: largeTar }, { tar }]);
    const children = ["1", "2", "1"].map((tag) => start(store, `${registry.host}/shop:${tag}`));
    const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0] as number));
    expect(codes).toEqual([0, 0, 0]);
    expect(registry.count(largeDigest)).toBe(1);
    expect(wordsOf(store, `${registry.host}/shop:2`)).toBe("from the registry");
  });

  it("is fetched by the next when the one who fetches is killed", async () => {
    using store = temporaryStore();
    await using registry = await HostileRegistry.start();
    registry.addImage("1", [{ tar: largeTar }]);
    let reached: () => void = () => undefined;
    const isHalfWay = new Promise<void>((resolve) => (reached = resolve));
    registry.mischief = (request, response, content) => {
      if (!request.url!.includes(largeDigest) || registry.count(largeDigest) > 1) return false;
      response.writeHead(200, { "content-length": content!.length });
      response.write(content!.subarray(0, 2_000_000), reached);
      return true;
    };
    const name = `${registry.host}/shop:1`;
    const first = start(store, name);
    await isHalfWay;
    const second = pull(store, { name });
    await delay(1);
    first.kill("SIGKILL");
    expect(await second).toMatchObject({ upToDate: false });
    expect(readdirSync(join(store.root, "layers"))).toEqual([largeDigest.slice("sha256:".length)]);
    expect(readdirSync(join(store.root, "blobs/sha256"))).toHaveLength(3);
  });

  it("is given up cleanly when the user interrupts", async () => {
    using store = temporaryStore();
    await using registry = await HostileRegistry.start();
    registry.addImage("1", [{ tar: largeTar }]);
    const stop = new AbortController();
    registry.mischief = (request, response, content) => {
      if (!request.url!.includes(largeDigest)) return false;
      response.writeHead(200, { "content-length": content!.length });
      response.write(content!.subarray(0, 2_000_000), () => stop.abort(new Error("enough")));
      return true;
    };
    const attempt = pull(store, { name: `${registry.host}/shop:1`, signal: stop.signal });
    expect((await failureOf(attempt)).message).toBe("enough");
    expectNothing(store);
  });
});
