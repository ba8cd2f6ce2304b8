import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Project } from "../../compose/index.ts";
import { normalReference, parseReference } from "../../image/index.ts";
import { type Diagnostic, GantryError } from "../../lib/diagnostic.ts";

/** The file beside the Compose file that pins images; `gantry config --lock-image-digests -o gantry.lock` makes it. */
export const LOCK_FILE = "gantry.lock";

const HOW_TO_RENEW = `\`gantry config --lock-image-digests -o ${LOCK_FILE}\` makes it anew.`;

/**
 * The project with the images its lock file pins. An entry counts while the Compose file still names the same tag; one
 * that has fallen behind is told and not used.
 */
export function withLockedImages(
  project: Project,
  directory: string,
): { readonly project: Project; readonly warnings: readonly Diagnostic[] } {
  const path = join(directory, LOCK_FILE);
  const locked = readLockFile(path);
  if (locked.size === 0) return { project, warnings: [] };
  const warnings: Diagnostic[] = [];
  const services = Object.entries(project.services).map(([name, service]) => {
    const pinned = locked.get(name);
    if (pinned === undefined || service.image === undefined || service.image.includes("@"))
      return [name, service];
    if (isSameTag(pinned, service.image)) return [name, { ...service, image: pinned }];
    warnings.push(fallenBehind(name, service.image, pinned));
    return [name, service];
  });
  return { project: { ...project, services: Object.fromEntries(services) }, warnings };
}

/** Pinned image by service name. */
function readLockFile(path: string): ReadonlyMap<string, string> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw error;
  }
  const services = servicesIn(path, text);
  return new Map(
    Object.entries(services).map(([name, service]) => {
      const image = (service as { image?: unknown } | null)?.image;
      if (typeof image !== "string" || parseReference(image).digest === undefined) {
        throw damaged(path, `it does not pin the image of service ${name} by digest`);
      }
      return [name, image];
    }),
  );
}

function servicesIn(path: string, text: string): object {
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    throw damaged(path, (error as Error).message.split("\n")[0]!);
  }
  const services = (document as { services?: unknown } | null)?.services;
  if (typeof services === "object" && services !== null && !Array.isArray(services)) return services;
  throw damaged(path, "it has no services");
}

function isSameTag(pinned: string, image: string): boolean {
  const { domain, repository, tag = "latest" } = parseReference(pinned);
  return normalReference({ domain, repository, tag }) === normalReference(parseReference(image));
}

function fallenBehind(service: string, image: string, pinned: string): Diagnostic {
  return {
    severity: "warning",
    code: "lock-fallen-behind",
    message: `${LOCK_FILE} pins service ${service} to ${pinned}, the Compose file says ${image}: it is not pinned`,
    hint: HOW_TO_RENEW,
  };
}

const damaged = (path: string, problem: string) =>
  new GantryError("lock-damaged", `${path} is not a lock file: ${problem}`, { hint: HOW_TO_RENEW });
