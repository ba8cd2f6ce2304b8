import { hash } from "node:crypto";
import type { Network, Service, VolumeMount } from "../compose/index.ts";
import { type ContentDigests, noDigests } from "./contents/digests.ts";

/** Identity of a service's configuration as far as its containers are concerned. */
export type ConfigHash = {
  readonly configHash: string;
  /** Short hash of each top-level key, so that a recreate can name what changed. */
  readonly configFields: Readonly<Record<string, string>>;
};

/** Keys that may change without the running containers being out of date. */
const notOfTheContainer: ReadonlySet<string> = new Set([
  "build",
  "depends_on",
  "develop",
  "profiles",
  "pull_policy",
  "scale",
  "attach",
]);

/**
 * Hashes everything a container of the service was made from. The image counts by its id, not its name, so that a
 * moved tag recreates. The content of env_file is already part of the environment; that of configs and secrets counts
 * by its digests.
 */
export function hashService(
  service: Service,
  imageId: string,
  digests: ContentDigests = noDigests,
): ConfigHash {
  const configFields: Record<string, string> = { image: digest(imageId) };
  const definition = hashedDefinition(service);
  for (const key of Object.keys(definition).sort()) {
    const value = definition[key];
    if (key === "image" || value === undefined) continue;
    configFields[key] = digest(stableText(relevant(key, value, service, digests)));
  }
  return { configHash: hash("sha256", JSON.stringify(configFields), "hex"), configFields };
}

/** Hashes what a network's bridge, addresses and rules are made from. */
export function hashNetwork(network: Network): string {
  return digest(stableText({ ...network, labels: undefined }));
}

/** The keys that differ between two configurations, sorted. */
export function changedFields(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => before[key] !== after[key]).sort();
}

/**
 * Of a service's definition what its containers are made from, as far as the definition itself tells: content of
 * configs, secrets and images is elsewhere.
 */
export function hashedDefinition(service: Service): Readonly<Record<string, unknown>> {
  const entries = Object.entries(service).filter(([key]) => !notOfTheContainer.has(key));
  return { ...Object.fromEntries(entries), ...partsOfDeploy(service) };
}

/** Apart what a running container can be given anew. */
function partsOfDeploy({ deploy }: Service): Readonly<Record<string, unknown>> {
  if (!deploy) return {};
  const { replicas: _replicas, restart_policy: policy, resources = {}, ...rest } = deploy;
  const { devices, ...reservations } = resources.reservations ?? {};
  const parts = {
    deploy: filled({ ...rest, devices }),
    "deploy.resources": filled({ ...resources, reservations }),
    "deploy.restart_policy": policy,
  };
  return { deploy: undefined, ...filled(parts) };
}

/** Without the entries in which nothing is said. */
function filled(values: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const entries = Object.entries(values).filter(
    ([, value]) => value !== undefined && stableText(value) !== "{}",
  );
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** Of a key's value what containers are made from. */
function relevant(key: string, value: unknown, service: Service, digests: ContentDigests): unknown {
  if (key === "volumes") return service.volumes!.map((mount) => withImageId(mount, digests.images));
  if (key !== "configs" && key !== "secrets") return value;
  return service[key]!.map((reference) => [reference, digests[key][reference.source]]);
}

function withImageId(mount: VolumeMount, images: ContentDigests["images"]): unknown {
  return mount.type === "image" ? { ...mount, id: images[mount.source ?? ""] } : mount;
}

function digest(text: string): string {
  return hash("sha256", text, "hex").slice(0, 16);
}

/** JSON with sorted keys: the same value always gives the same text. */
export function stableText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}
