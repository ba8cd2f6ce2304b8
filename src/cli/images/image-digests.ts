import type { Project } from "../../compose/index.ts";
import { parseReference } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { Session } from "../session.ts";
import { registryClient } from "./with-puller.ts";

/** A project whose images are pinned: each name has the digest its registry gives it now. */
export async function withDigests(session: Session, project: Project): Promise<Project> {
  using client = registryClient(session);
  const failures: string[] = [];
  const known = new Map<string, Promise<string>>();
  const pin = async (service: string, image: string) => {
    const reference = parseReference(image);
    if (reference.digest !== undefined) return image;
    const asked = known.get(image) ?? client.digestFor(reference);
    known.set(image, asked);
    try {
      return `${reference.domain}/${reference.repository}:${reference.tag}@${await asked}`;
    } catch (error) {
      if (!(error instanceof GantryError)) throw error;
      failures.push(`service ${service}: ${error.message}`);
      return image;
    }
  };
  const services = Object.entries(project.services).map(async ([name, service]) => {
    return [
      name,
      service.image === undefined ? service : { ...service, image: await pin(name, service.image) },
    ];
  });
  const pinned: Project = { ...project, services: Object.fromEntries(await Promise.all(services)) };
  if (failures.length === 0) return pinned;
  throw new GantryError("digests-unknown", "the digests of some images cannot be found out", {
    details: failures,
    hint: "`gantry image pull NAME` says more about one of them.",
  });
}

/** Only the images of a project: an override file, and what gantry.lock holds. */
export const imagesOnly = ({ services }: Project) => ({
  services: Object.fromEntries(
    Object.entries(services).flatMap(([name, { image }]) => (image === undefined ? [] : [[name, { image }]])),
  ),
});
