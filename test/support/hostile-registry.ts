import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { digestOf } from "../../src/image/digest.ts";

/** What a registry does with one request, before what is right: true when it has answered. */
export type Mischief = (request: IncomingMessage, response: ServerResponse, content?: Buffer) => boolean;

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const INDEX = "application/vnd.oci.image.index.v1+json";
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

/** A registry on loopback that serves what it is given, except where its mischief is quicker. */
export class HostileRegistry {
  readonly requests: { readonly method: string; readonly url: string; readonly authorization?: string }[] =
    [];
  readonly #blobs = new Map<string, Buffer>();
  readonly #manifests = new Map<string, { readonly content: Buffer; readonly type: string }>();
  readonly #server = createServer((request, response) => this.#answer(request, response));
  mischief: Mischief = () => false;

  static async start(): Promise<HostileRegistry> {
    const registry = new HostileRegistry();
    await new Promise<void>((resolve) => registry.#server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  /** "127.0.0.1:PORT" */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  addBlob(content: Buffer): { digest: string; size: number } {
    const digest = digestOf(content);
    this.#blobs.set(digest, content);
    return { digest, size: content.length };
  }

  /** Serves a manifest by its digest and by the tag; gives its descriptor. */
  addManifest(tag: string, document: object, type = MANIFEST) {
    const content = Buffer.from(JSON.stringify(document));
    this.#manifests.set(tag, { content, type });
    this.#manifests.set(digestOf(content), { content, type });
    return { mediaType: type, digest: digestOf(content), size: content.length };
  }

  /** Serves an image of one stored layer for each pair; gives the descriptor of its manifest. */
  addImage(
    tag: string,
    layers: readonly { readonly tar: Buffer; readonly stored?: Buffer }[],
    { type = MANIFEST, platform = { architecture: "amd64", os: "linux" }, change = (it: object) => it } = {},
  ) {
    const diffIds = layers.map(({ tar }) => digestOf(tar));
    const rootfs = { type: "layers", diff_ids: diffIds };
    const configuration = this.addBlob(Buffer.from(JSON.stringify({ ...platform, rootfs, config: {} })));
    const document = {
      schemaVersion: 2,
      mediaType: type,
      config: { mediaType: "application/vnd.oci.image.config.v1+json", ...configuration },
      layers: layers.map(({ tar, stored = tar }) => ({
        mediaType: "application/vnd.oci.image.layer.v1.tar",
        ...this.addBlob(stored),
      })),
    };
    return { ...this.addManifest(tag, change(document), type), platform };
  }

  /** How often something whose address holds `part` was asked for. */
  count(part: string): number {
    return this.requests.filter(({ method, url }) => method === "GET" && url.includes(part)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = "", url = "" } = request;
    const { authorization } = request.headers;
    this.requests.push({ method, url, ...(authorization === undefined ? {} : { authorization }) });
    const [kind, name = ""] = url.split("/").slice(-2);
    const manifest = kind === "manifests" ? this.#manifests.get(name) : undefined;
    const content = manifest?.content ?? this.#blobs.get(name);
    if (this.mischief(request, response, content)) return;
    if (url === "/v2/") response.end("{}");
    else if (!content) response.writeHead(404).end('{"errors":[{"code":"UNKNOWN","message":"not here"}]}');
    else send(request, response, content, manifest?.type ?? "application/octet-stream");
  }
}

/** The right answer, ranges included. */
function send(request: IncomingMessage, response: ServerResponse, content: Buffer, type: string): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const headers = { "content-type": type, "content-length": content.length - start };
  const last = content.length - 1;
  if (start === 0) response.writeHead(200, headers);
  else response.writeHead(206, { ...headers, "content-range": `bytes ${start}-${last}/${content.length}` });
  response.end(request.method === "HEAD" ? undefined : content.subarray(start));
}

/** Sends the beginning of the right answer and breaks the connection. */
export function breakOff(request: IncomingMessage, response: ServerResponse, content: Buffer, after: number) {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const range = { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` };
  response.writeHead(start === 0 ? 200 : 206, {
    "content-length": content.length - start,
    ...(start ? range : {}),
  });
  response.write(content.subarray(start, start + after), () => response.destroy());
}
