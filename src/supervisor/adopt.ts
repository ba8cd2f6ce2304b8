import { readContainers, readStatus, sweepContainers } from "../runtime/index.ts";
import { SupervisedContainer } from "./containers/supervised-container.ts";
import type { HostDoor } from "./host/host-door.ts";
import type { ProjectSupervision } from "./project-supervision.ts";

/**
 * Takes over what an earlier supervisor left: containers that run are watched again, and to those that ended meanwhile
 * happens what their restart policy promises.
 */
export async function adoptContainers(supervision: ProjectSupervision, door: HostDoor): Promise<void> {
  const { roots, name, around } = supervision.context;
  await sweepContainers(roots);
  const stored = readContainers(roots, name);
  door.know(stored.map(({ record }) => record));
  await Promise.all(
    stored.map(async ({ record, state }) => {
      const { status, exit } = readStatus(roots, record.id, state, () => door.isFrozen(record));
      const container = supervision.insert(new SupervisedContainer(record, state, around, exit));
      if (status === "running" || status === "paused") {
        const started = await door.resume(record, state.ports);
        if (started) container.adopt(started, status === "paused");
      } else if (state.desired === "running") {
        container.resumeAfterEnd(exit);
      }
    }),
  );
}
