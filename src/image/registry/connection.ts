import { GantryError } from "../../lib/diagnostic.ts";
import { Authorizer } from "./authorizer.ts";
import { parseChallenge } from "./challenge.ts";
import type { CredentialStore } from "./credentials.ts";
import type { Endpoint } from "./endpoint.ts";
import { lied, refusal, unreachable } from "./registry-failure.ts";
import { isPassing, parseRetryAfter, retrying, Transient } from "./retry.ts";
import type { HttpRequest, HttpResponse, Transport } from "./transport.ts";

const MOST_REDIRECTS = 10;
const BUSY = new Set([408, 429, 500, 502, 503, 504]);

/** A request to a registry, below its /v2/. */
export type RegistryRequest = {
  readonly method: string;
  /** "library/busybox/manifests/latest", or an absolute address the registry gave for an upload. */
  readonly path: string | URL;
  /** What a token must allow: "repository:library/busybox:pull". */
  readonly scope: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Makes a large body, anew for each try. */
  readonly stream?: () => AsyncIterable<Uint8Array>;
  /** What is being done, for messages: "pulling the manifest of busybox:latest". */
  readonly attempted: string;
  /** Statuses that are an answer rather than a failure. */
  readonly accepted: readonly number[];
  readonly signal?: AbortSignal;
  readonly onRetry?: (pause: number) => void;
};

export type ConnectionParts = {
  readonly transport: Transport;
  readonly credentials: Pick<CredentialStore, "find">;
  readonly attempts: number;
};

/** One registry (or mirror): finds out how to speak to it, authenticates, follows redirects, tries again. */
export class RegistryConnection {
  readonly endpoint: Endpoint;
  readonly #parts: ConnectionParts;
  readonly #authorizer: Authorizer;
  #base: Promise<URL> | undefined;

  constructor(endpoint: Endpoint, parts: ConnectionParts) {
    this.endpoint = endpoint;
    this.#parts = parts;
    this.#authorizer = new Authorizer({
      send: (request) => parts.transport.send(request),
      credentials: () => parts.credentials.find(endpoint.host),
      host: endpoint.host,
      insecure: endpoint.unverified,
    });
  }

  /** How often something is to be tried in all. */
  get attempts(): number {
    return this.#parts.attempts;
  }

  /** Performs a request; an answer that is not among the accepted is thrown as a GantryError. */
  send(request: RegistryRequest): Promise<HttpResponse> {
    const { signal, onRetry } = request;
    const options = {
      attempts: this.#parts.attempts,
      ...(signal ? { signal } : {}),
      ...(onRetry ? { onRetry } : {}),
    };
    return retrying(() => this.attempt(request), options);
  }

  /** The registry's own address: "https://registry-1.docker.io/v2/". */
  async address(attempted: string, signal?: AbortSignal): Promise<URL> {
    this.#base ??= this.#discover(attempted, signal);
    try {
      return await this.#base;
    } catch (error) {
      this.#base = undefined;
      throw error;
    }
  }

  /** One try; what may pass is thrown as Transient. */
  async attempt(request: RegistryRequest): Promise<HttpResponse> {
    const base = await this.address(request.attempted, request.signal);
    const url =
      typeof request.path === "string" ? new URL(this.#withPrefix(request.path), base) : request.path;
    const response = await this.#authorized(request, url, base);
    if (request.accepted.includes(response.status)) return response;
    const error = await refusal(response, request.attempted, this.endpoint.host);
    if (!BUSY.has(response.status)) throw error;
    throw new Transient(error, parseRetryAfter(response.headers["retry-after"], Date.now()));
  }

  #withPrefix(path: string): string {
    return this.endpoint.prefix === "" || path === "" ? path : `${this.endpoint.prefix}/${path}`;
  }

  /** Sends; a token that is no longer taken is fetched anew once. */
  async #authorized(request: RegistryRequest, url: URL, base: URL): Promise<HttpResponse> {
    const response = await this.#followed(request, url, base);
    if (response.status !== 401) return response;
    const challenge = parseChallenge(response.headers["www-authenticate"]);
    if (!challenge) return response;
    response.body.destroy();
    this.#authorizer.challenged(challenge);
    this.#authorizer.expire(request.scope);
    return this.#followed(request, url, base);
  }

  /** Follows redirects. What proves who we are goes to the registry only, wherever it sends us. */
  async #followed(request: RegistryRequest, start: URL, base: URL): Promise<HttpResponse> {
    const authorization = await this.#authorizer.header(request.scope, request.signal);
    let url = start;
    for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
      const own = url.origin === base.origin && authorization !== undefined;
      const response = await this.#once(request, url, own ? { authorization } : {});
      if (!isRedirect(response)) return response;
      response.body.destroy();
      url = this.#target(response, request.attempted);
    }
    throw lied(`${request.attempted} leads in a circle of redirects`, this.endpoint.host);
  }

  async #once(request: RegistryRequest, url: URL, extra: Record<string, string>): Promise<HttpResponse> {
    const { method, signal, stream } = request;
    const body = stream ? stream() : request.body;
    const length =
      typeof body === "string" || body instanceof Uint8Array ? Buffer.byteLength(body) : undefined;
    const headers = {
      "user-agent": "gantry",
      "accept-encoding": "identity",
      ...(length === undefined ? {} : { "content-length": String(length) }),
      ...request.headers,
      ...extra,
    };
    return this.#reach(
      { method, url, headers, signal, body, unverified: this.endpoint.unverified },
      request.attempted,
    );
  }

  #target(response: HttpResponse, attempted: string): URL {
    const location = response.headers["location"];
    const url = typeof location === "string" ? URL.parse(location, response.url.href) : null;
    const safe =
      url?.protocol === "https:" || (url?.protocol === "http:" && response.url.protocol === "http:");
    if (url && safe) return url;
    throw lied(`${attempted} is redirected to ${String(location).slice(0, 200)}`, this.endpoint.host);
  }

  /** HTTPS, or for a registry that need not be safe whichever it speaks; also learns what it will ask for. */
  async #discover(attempted: string, signal?: AbortSignal): Promise<URL> {
    const { host, scheme } = this.endpoint;
    if (scheme !== "either") return this.#ping(new URL(`${scheme}://${host}/v2/`), attempted, signal);
    try {
      return await this.#ping(new URL(`https://${host}/v2/`), attempted, signal);
    } catch (error) {
      if (!isOtherProtocol(error)) throw error;
      return this.#ping(new URL(`http://${host}/v2/`), attempted, signal);
    }
  }

  async #ping(url: URL, attempted: string, signal?: AbortSignal): Promise<URL> {
    const headers = { "user-agent": "gantry" };
    const response = await this.#reach(
      { method: "GET", url, headers, unverified: this.endpoint.unverified, ...(signal ? { signal } : {}) },
      attempted,
    );
    response.body.resume();
    this.#authorizer.challenged(parseChallenge(response.headers["www-authenticate"]));
    return url;
  }

  async #reach(request: HttpRequest, attempted: string): Promise<HttpResponse> {
    try {
      return await this.#parts.transport.send(request);
    } catch (error) {
      if (request.signal?.aborted || error instanceof GantryError) throw error;
      const failure = unreachable(error, attempted, request.url);
      throw isPassing(error) ? new Transient(failure) : failure;
    }
  }
}

const isRedirect = ({ status, headers }: HttpResponse) =>
  [301, 302, 303, 307, 308].includes(status) && headers["location"] !== undefined;

/** Whether HTTPS failed the way it does where plain HTTP is spoken. */
function isOtherProtocol(error: unknown): boolean {
  const failure = error instanceof Transient ? error.reason : error;
  const { code } = ((failure as Error).cause ?? {}) as NodeJS.ErrnoException;
  return code === "EPROTO" || code === "ECONNRESET";
}
