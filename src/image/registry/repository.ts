import { digestOf, isDigest } from "../digest.ts";
import { INDEX_TYPES, isObject, MANIFEST_TYPES, parseAnyJson } from "../oci.ts";
import type { RegistryConnection } from "./connection.ts";
import { lied, readBody } from "./registry-failure.ts";
import { isPassing, retrying, Transient } from "./retry.ts";
import type { HttpResponse } from "./transport.ts";

/** What a document of a registry is limited to; the distribution specification asks registries to take 4 MiB. */
const LARGEST_MANIFEST = 8 * 1024 * 1024;

/** A manifest or an index, its bytes as they came. */
export type ManifestDocument = {
  readonly digest: string;
  readonly mediaType: string;
  readonly text: string;
};

/** Watching and stopping of one request. */
export type Watch = { readonly signal?: AbortSignal; readonly onRetry?: (pause: number) => void };

/** One repository of one registry, for reading. */
export class Repository {
  readonly connection: RegistryConnection;
  readonly name: string;

  constructor(connection: RegistryConnection, name: string) {
    this.connection = connection;
    this.name = name;
  }

  get host(): string {
    return this.connection.endpoint.host;
  }

  get scope(): string {
    const { prefix } = this.connection.endpoint;
    return `repository:${prefix === "" ? "" : `${prefix}/`}${this.name}:pull`;
  }

  /** The digest a tag stands for, without fetching what it names; undefined where the registry does not say. */
  async digestOf(tag: string, watch: Watch): Promise<string | undefined> {
    const response = await this.#get(
      "HEAD",
      `manifests/${tag}`,
      `asking for ${this.name}:${tag}`,
      watch,
      ACCEPT,
    );
    response.body.resume();
    const digest = response.headers["docker-content-digest"];
    return isDigest(digest) ? digest : undefined;
  }

  /** A manifest or index by tag or digest, verified. */
  manifest(reference: string, watch: Watch): Promise<ManifestDocument> {
    return retrying(() => this.#manifest(reference, watch), { attempts: TRIES_OF_A_DOCUMENT, ...watch });
  }

  async #manifest(reference: string, watch: Watch): Promise<ManifestDocument> {
    const separator = isDigest(reference) ? "@" : ":";
    const attempted = `pulling ${this.name}${separator}${reference}`;
    const response = await this.#get("GET", `manifests/${reference}`, attempted, watch, ACCEPT);
    const body = await this.#document(response, attempted);
    const digest = digestOf(body);
    const promised = isDigest(reference) ? reference : response.headers["docker-content-digest"];
    if (isDigest(promised) && promised !== digest) {
      throw lied(`the manifest ${promised} has the digest ${digest}`, this.host);
    }
    const text = body.toString("utf8");
    return { digest, mediaType: this.#mediaType(response, text, attempted), text };
  }

  /** The bytes of a blob from `offset` on; the registry may begin at 0 all the same. */
  async blob(
    digest: string,
    offset: number,
    watch: Watch,
  ): Promise<{ start: number; response: HttpResponse }> {
    const range: Record<string, string> = offset === 0 ? {} : { range: `bytes=${offset}-` };
    const attempted = `pulling ${this.name}, blob ${digest.slice(0, 19)}`;
    const response = await this.#get("GET", `blobs/${digest}`, attempted, watch, range, [200, 206]);
    if (response.status === 200) return { start: 0, response };
    const start = /^bytes (\d+)-/.exec(String(response.headers["content-range"]))?.[1];
    if (Number(start) === offset) return { start: offset, response };
    response.body.destroy();
    throw lied(`asked for bytes from ${offset}, it sends ${response.headers["content-range"]}`, this.host);
  }

  /** Names of tags, page by page until there are no more. */
  async tags(watch: Watch): Promise<string[]> {
    const tags: string[] = [];
    let path: string | URL | undefined = `${this.name}/tags/list`;
    for (let page = 0; path !== undefined && page < MOST_PAGES; page++) {
      const attempted = `listing the tags of ${this.name}`;
      const request = { method: "GET", path, scope: this.scope, attempted, accepted: [200], ...watch };
      const response = await this.connection.send(request);
      const document = parseAnyJson((await this.#document(response, attempted)).toString("utf8"), attempted);
      const names = isObject(document) ? document["tags"] : undefined;
      if (Array.isArray(names)) tags.push(...names.filter((name) => typeof name === "string"));
      path = nextPage(response);
    }
    return tags;
  }

  #get(
    method: string,
    path: string,
    attempted: string,
    watch: Watch,
    headers: Readonly<Record<string, string>>,
    accepted: readonly number[] = [200],
  ): Promise<HttpResponse> {
    const request = { method, path: `${this.name}/${path}`, scope: this.scope, headers, attempted, accepted };
    return this.connection.send({ ...request, ...watch });
  }

  async #document(response: HttpResponse, attempted: string): Promise<Buffer> {
    try {
      return await readBody(response, LARGEST_MANIFEST);
    } catch (error) {
      if (error instanceof RangeError)
        throw lied(`${attempted}: the document has ${error.message}`, this.host);
      if (isPassing(error)) throw new Transient(lied(`${attempted}: it ends in the middle`, this.host));
      throw error;
    }
  }

  /** The content type and the document must agree: otherwise one digest could be taken for two different things. */
  #mediaType(response: HttpResponse, text: string, attempted: string): string {
    const document = parseAnyJson(text, `what registry ${this.host} sent for ${attempted}`);
    const inside = isObject(document) ? document["mediaType"] : undefined;
    const outside = String(response.headers["content-type"] ?? "")
      .split(";")[0]!
      .trim();
    const known = [...MANIFEST_TYPES, ...INDEX_TYPES];
    if (typeof inside === "string" && known.includes(outside) && inside !== outside) {
      throw lied(`${attempted}: a document that calls itself ${inside} comes as ${outside}`, this.host);
    }
    return typeof inside === "string" ? inside : outside;
  }
}

const TRIES_OF_A_DOCUMENT = 3;
const ACCEPT = { accept: [...MANIFEST_TYPES, ...INDEX_TYPES].join(", ") };
const MOST_PAGES = 1000;

/** The address of the next page (distribution-spec, Link header); it must be the registry's own. */
function nextPage({ headers, url }: HttpResponse): URL | undefined {
  const target = /<([^>]*)>\s*;\s*rel="?next"?/.exec(String(headers["link"] ?? ""))?.[1];
  const next = target === undefined ? null : URL.parse(target, url.href);
  return next && next.origin === url.origin ? next : undefined;
}
