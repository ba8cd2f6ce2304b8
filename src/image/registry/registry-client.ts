import { GantryError } from "../../lib/diagnostic.ts";
import { familiarRepository, type ImageReference, parseReference } from "../reference.ts";
import { RegistryConnection } from "./connection.ts";
import { CredentialStore, type Credentials } from "./credentials.ts";
import { type Endpoint, originOf, pullEndpoints } from "./endpoint.ts";
import { Repository } from "./repository.ts";
import type { RegistrySettings } from "./settings.ts";
import { Transport } from "./transport.ts";

/** Connections to registries for as long as one command lasts. */
export class RegistryClient {
  readonly settings: RegistrySettings;
  readonly credentials: CredentialStore;
  readonly #transport: Transport;
  readonly #connections = new Map<string, RegistryConnection>();

  constructor(settings: RegistrySettings) {
    this.settings = settings;
    this.credentials = new CredentialStore(settings.dockerConfig);
    this.#transport = new Transport(settings);
  }

  /** The registry of that name itself. */
  origin(domain: string): RegistryConnection {
    return this.#connectionTo(originOf(domain, this.settings));
  }

  /**
   * Asks the mirrors of a reference's registry, then the registry, until one has an answer; what the mirrors said is
   * told only if the registry fails too.
   */
  async fromAny<T>(reference: ImageReference, ask: (repository: Repository) => Promise<T>): Promise<T> {
    const complaints: string[] = [];
    for (const endpoint of pullEndpoints(reference.domain, this.settings)) {
      try {
        return await ask(new Repository(this.#connectionTo(endpoint), reference.repository));
      } catch (error) {
        if (!(error instanceof GantryError)) throw error;
        if (!endpoint.isMirror) throw withComplaints(error, reference, complaints);
        complaints.push(`mirror ${endpoint.host}: ${error.message}`);
      }
    }
    throw new Error("a registry has no endpoint");
  }

  /** Whether a registry takes these credentials: throws what it says against them. */
  async checkCredentials(domain: string, credentials: Credentials): Promise<void> {
    const parts = { transport: this.#transport, credentials: { find: async () => credentials }, attempts: 1 };
    const connection = new RegistryConnection(originOf(domain, this.settings), parts);
    const attempted = `logging in as ${credentials.username || "the holder of a token"}`;
    const response = await connection.send({
      method: "GET",
      path: "",
      scope: "",
      attempted,
      accepted: [200],
    });
    response.body.resume();
  }

  /** The digest a name has at its registry now, of the index for an image of several platforms. */
  digestFor(reference: ImageReference): Promise<string> {
    const tag = reference.tag ?? "latest";
    return this.fromAny(reference, async (repository) => {
      return (await repository.digestOf(tag, {})) ?? (await repository.manifest(tag, {})).digest;
    });
  }

  /** "postgres" → "postgres:16", "postgres:17" …: every tag the registry has. */
  async everyTag(name: string, signal?: AbortSignal): Promise<string[]> {
    const reference = parseReference(name);
    const tags = await this.fromAny(reference, (repository) => repository.tags(signal ? { signal } : {}));
    return tags.map((tag) => `${familiarRepository(reference)}:${tag}`);
  }

  /** Closes the connections. */
  [Symbol.dispose](): void {
    this.#transport[Symbol.dispose]();
  }

  #connectionTo(endpoint: Endpoint): RegistryConnection {
    const key = JSON.stringify(endpoint);
    const known = this.#connections.get(key);
    if (known) return known;
    const { credentials, settings } = this;
    const parts = { transport: this.#transport, credentials, attempts: settings.attempts };
    const connection = new RegistryConnection(endpoint, parts);
    this.#connections.set(key, connection);
    return connection;
  }
}

function withComplaints(
  error: GantryError,
  reference: ImageReference,
  complaints: readonly string[],
): GantryError {
  const isHub = reference.domain === "docker.io" && error.code === "registry-denied";
  if (complaints.length === 0 && !isHub) return error;
  const remark = isHub
    ? [`docker.io has no public repository ${familiarRepository(reference)}, or it is private`]
    : [];
  const { code, message, hint, cause } = error;
  return new GantryError(code, message, {
    ...(hint ? { hint } : {}),
    cause,
    details: [...complaints, ...remark],
  });
}
