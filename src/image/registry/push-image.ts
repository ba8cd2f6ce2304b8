import { createReadStream, statSync } from "node:fs";
import { Limiter } from "../../lib/limiter.ts";
import { imageRow, referencesOf, requireImage } from "../catalog/find.ts";
import { setReference } from "../catalog/tag.ts";
import { Hold } from "../content/hold.ts";
import { type ImageDocument, manifestOf } from "../manifest-of.ts";
import type { Descriptor } from "../oci.ts";
import { normalReference, parseReference } from "../reference.ts";
import { blobPath, type ImageStore } from "../store.ts";
import type { RegistryConnection } from "./connection.ts";
import { LayerProgress, type PullEvent } from "./layer-progress.ts";
import type { RegistryClient } from "./registry-client.ts";
import { retrying } from "./retry.ts";

/** Which image to push: its name says where to. */
export type PushRequest = {
  readonly name: string;
  readonly onEvent?: (event: PullEvent) => void;
  readonly signal?: AbortSignal;
};

/** What the registry has now. */
export type PushedImage = { readonly reference: string; readonly digest: string; readonly size: number };

/** Sends an image to its registry: what it has not got of the layers, then the manifest under the tag. */
export async function pushImage(
  store: ImageStore,
  client: RegistryClient,
  request: PushRequest,
): Promise<PushedImage> {
  using hold = new Hold(store.database);
  const reference = parseReference(request.name);
  const { id } = requireImage(store.database, request.name);
  const document = await manifestOf(store, hold, id);
  const connection = client.origin(reference.domain);
  const upload = new Upload(store, connection, reference.repository, request);
  const limiter = new Limiter(client.settings.concurrentUploads);
  const { layers, config } = document.manifest;
  const elsewhere = repositoriesBeside(store, id, reference.domain, reference.repository);
  // All come to rest before an error is told, so that nothing is read after it is let go of.
  const outcomes = await Promise.allSettled(
    layers.map((layer) => limiter.run(() => upload.layer(layer, elsewhere))),
  );
  const failure = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure) throw failure.reason;
  await upload.blob(config, elsewhere, () => undefined);
  await upload.manifest(document, reference.tag ?? document.digest);
  const { domain, repository } = reference;
  setReference(store.database, normalReference({ domain, repository, digest: document.digest }), id);
  return {
    reference: normalReference(reference),
    digest: document.digest,
    size: Buffer.byteLength(document.text),
  };
}

/** Other repositories of that registry the image is known by: the registry may have its layers there. */
function repositoriesBeside(store: ImageStore, id: string, domain: string, own: string): string[] {
  const references = referencesOf(store.database, imageRow(store.database, id).id).map(parseReference);
  const beside = references.filter((one) => one.domain === domain && one.repository !== own);
  return [...new Set(beside.map(({ repository }) => repository))];
}

/** The requests of one push (distribution-spec, "Push"). */
class Upload {
  readonly #store: ImageStore;
  readonly #connection: RegistryConnection;
  readonly #repository: string;
  readonly #request: PushRequest;

  constructor(store: ImageStore, connection: RegistryConnection, repository: string, request: PushRequest) {
    this.#store = store;
    this.#connection = connection;
    this.#repository = repository;
    this.#request = request;
  }

  async layer(layer: Descriptor, elsewhere: readonly string[]): Promise<void> {
    const progress = new LayerProgress(layer, this.#request.onEvent);
    progress.preparing();
    const wasThere = await this.blob(layer, elsewhere, (sent) => progress.sent(sent));
    progress.pushed(wasThere);
  }

  /** Sends a blob unless the registry has it; tells whether it had. */
  async blob(
    { digest }: Descriptor,
    elsewhere: readonly string[],
    onSent: (bytes: number) => void,
  ): Promise<boolean> {
    const head = await this.#send("HEAD", `${this.#repository}/blobs/${digest}`, digest, [200, 404]);
    head.body.resume();
    if (head.status === 200) return true;
    const { attempts } = this.#connection;
    return retrying(() => this.#transfer(digest, elsewhere, onSent), { attempts, ...this.#watch });
  }

  async manifest({ text, mediaType }: ImageDocument, name: string): Promise<void> {
    const response = await this.#connection.send({
      ...this.#common(`manifest ${name}`),
      method: "PUT",
      path: `${this.#repository}/manifests/${name}`,
      headers: { "content-type": mediaType },
      body: text,
      accepted: [200, 201, 202],
    });
    response.body.resume();
  }

  /** One try: an upload is begun anew each time, since nobody knows what became of a broken one. */
  async #transfer(
    digest: string,
    [from]: readonly string[],
    onSent: (bytes: number) => void,
  ): Promise<boolean> {
    const mount = from === undefined ? "" : `?mount=${digest}&from=${encodeURIComponent(from)}`;
    const path = `${this.#repository}/blobs/uploads/${mount}`;
    const begun = await this.#send("POST", path, digest, [201, 202]);
    begun.body.resume();
    if (begun.status === 201) return true;
    const target = new URL(String(begun.headers["location"]), begun.url);
    target.searchParams.set("digest", digest);
    const file = blobPath(this.#store.roots, digest);
    const response = await this.#connection.attempt({
      ...this.#common(`blob ${digest.slice(0, 19)}`),
      method: "PUT",
      path: target,
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(statSync(file).size),
      },
      stream: () => counted(file, onSent),
      accepted: [200, 201, 202, 204],
    });
    response.body.resume();
    return false;
  }

  #send(method: string, path: string, digest: string, accepted: readonly number[]) {
    return this.#connection.send({ ...this.#common(`blob ${digest.slice(0, 19)}`), method, path, accepted });
  }

  #common(what: string) {
    const scope = `repository:${this.#repository}:pull,push`;
    return { scope, attempted: `pushing ${this.#repository}, ${what}`, ...this.#watch };
  }

  get #watch() {
    const { signal, onEvent } = this.#request;
    const onRetry = (pause: number) => onEvent?.({ kind: "retry", pause });
    return { onRetry, ...(signal ? { signal } : {}) };
  }
}

async function* counted(path: string, onSent: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    yield chunk as Buffer;
    sent += (chunk as Buffer).length;
    onSent(sent);
  }
}
