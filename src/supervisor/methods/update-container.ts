import { contentDigests, hashService } from "../../project/index.ts";
import type { ProjectSupervision } from "../project-supervision.ts";
import type { ProjectIntent } from "../protocol.ts";
import { imageOf } from "./create-container.ts";

/** Gives a container the limits and the restart policy that its service has now; it runs on. What it does not get is said. */
export async function updateContainer(
  supervision: ProjectSupervision,
  intent: ProjectIntent,
  id: string,
  serviceName: string,
): Promise<readonly string[]> {
  const { door, roots } = supervision.context;
  const service = intent.project.services[serviceName]!;
  const container = supervision.container(id);
  const digests = contentDigests(roots, intent);
  const hashes = hashService(service, imageOf(intent, serviceName).id, digests);
  const { record, warnings } = await door.updateContainer(container.record, service, hashes);
  container.record = record;
  return warnings;
}
