import { readdirSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";
import type { Readable } from "node:stream";
import tls from "node:tls";
import type { RegistrySettings } from "./settings.ts";

/** One HTTP request; redirects are somebody else's business. */
export type HttpRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as it is; a stream needs a content-length among the headers. */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** TLS certificates are not checked. */
  readonly unverified: boolean;
  readonly signal?: AbortSignal;
};

/** The answer, its body still to be read (or destroyed). */
export type HttpResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
  readonly url: URL;
};

/** A connection that was silent for too long. */
class IdleConnection extends Error {
  readonly code = "ETIMEDOUT";
}

/**
 * HTTP and HTTPS with kept connections, through the proxies the environment names, trusting the system's and the
 * configured certificate authorities and those of certs.d/HOST.
 */
export class Transport {
  readonly #settings: RegistrySettings;
  readonly #agents = new Map<string, http.Agent>();

  constructor(settings: RegistrySettings) {
    this.#settings = settings;
  }

  /** Sends a request; resolves when the head of the answer is there. */
  async send(request: HttpRequest): Promise<HttpResponse> {
    const { method, url, headers, signal, body } = request;
    const { request: open } = url.protocol === "https:" ? https : http;
    const agent = this.#agentFor(url, request.unverified);
    const timeout = this.#settings.idleTimeout;
    signal?.throwIfAborted();
    const outgoing = open(url, { method, headers, agent, timeout, ...(signal ? { signal } : {}) });
    // Also for the body: the socket's silence counts, not the whole exchange.
    outgoing.on("timeout", () => outgoing.destroy(new IdleConnection(`no answer for ${timeout / 1000} s`)));
    const answer = new Promise<http.IncomingMessage>((resolve, reject) => {
      outgoing.on("response", resolve).on("error", reject);
    });
    await Promise.race([sendBody(outgoing, body), answer]);
    const incoming = await answer;
    // A connection that breaks while nobody reads is told to the reader, not to the process.
    incoming.on("error", () => undefined);
    return { status: incoming.statusCode!, headers: incoming.headers, body: incoming, url };
  }

  /** Closes the kept connections. */
  [Symbol.dispose](): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #agentFor(url: URL, unverified: boolean): http.Agent {
    const secure = url.protocol === "https:";
    const key = `${url.protocol}${secure ? url.host : ""}${unverified}`;
    const known = this.#agents.get(key);
    if (known) return known;
    const common = { keepAlive: true, proxyEnv: this.#settings.environment };
    const agent = secure
      ? new https.Agent({ ...common, ...this.#trust(url.host), rejectUnauthorized: !unverified })
      : new http.Agent(common);
    this.#agents.set(key, agent);
    return agent;
  }

  #trust(host: string): { ca: string[]; cert?: string; key?: string } {
    const { caFile, certificates } = this.#settings;
    const own = caFile === undefined ? [] : [readFileSync(caFile, "utf8")];
    const directories = certificates.map((directory) => join(directory, host));
    const ca = [...authorities(), ...own, ...directories.flatMap((path) => filesIn(path, ".crt"))];
    const [cert, key] = [".cert", ".key"].map(
      (kind) => directories.flatMap((path) => filesIn(path, kind))[0],
    );
    return { ca, ...(cert === undefined || key === undefined ? {} : { cert, key }) };
  }
}

/** Node's own list and the machine's. */
const authorities = () => [
  ...new Set([...tls.getCACertificates("default"), ...tls.getCACertificates("system")]),
];

function filesIn(directory: string, suffix: string): string[] {
  try {
    const names = readdirSync(directory).filter((name) => name.endsWith(suffix));
    return names.sort().map((name) => readFileSync(join(directory, name), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

async function sendBody(outgoing: http.ClientRequest, body: HttpRequest["body"]): Promise<void> {
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) {
    outgoing.end(body);
    return;
  }
  // Who answers before the end, with an error mostly, closes the connection: the answer counts.
  for await (const chunk of body) {
    if (outgoing.destroyed) return;
    if (!outgoing.write(chunk)) await drained(outgoing);
  }
  outgoing.end();
}

function drained(outgoing: http.ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off("drain", done).off("close", done);
      resolve();
    };
    outgoing.on("drain", done).on("close", done);
  });
}
