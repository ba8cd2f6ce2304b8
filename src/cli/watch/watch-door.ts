import { join } from "node:path";
import type { Project } from "../../compose/index.ts";
import { taggedAt } from "../../image/index.ts";
import { openDatabase } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { containerDirectory } from "../../lib/paths.ts";
import { projectContainers } from "../../project/index.ts";
import { ContainerCgroup, execForeground, readSpec, readStatus } from "../../runtime/index.ts";
import type { OpenProject } from "../../supervisor/index.ts";
import type { WatchDoor } from "../../watch/index.ts";
import { environmentFrom } from "../commands/exec.ts";
import { imageNameOf } from "../images/image-name.ts";
import type { Session } from "../session.ts";

/** The project as a watch session sees and changes it. */
export function watchDoor(
  session: Session,
  project: OpenProject,
  model: Project,
  rebuild: WatchDoor["rebuild"],
): Omit<WatchDoor, "isRehearsal"> {
  const { roots } = session;
  const { name, services } = model;
  const observed = () => projectContainers(roots, name);
  return {
    rebuild,
    containers: (service) =>
      observed().flatMap(({ record, state }) => {
        if (record.service !== service || record.oneOff) return [];
        const { process, status } = readStatus(
          roots,
          record.id,
          state,
          () => ContainerCgroup.of(record).isFrozen,
        );
        if (!process) return [];
        const { uid, gid } = readSpec(roots, record.id).process.user;
        return [
          {
            id: record.id,
            name: record.name,
            pid: process.pid,
            startTime: process.startTime,
            isPaused: status === "paused",
            uid,
            gid,
          },
        ];
      }),
    restart: async (service) => {
      await project.call("restart", { services: [service], noDeps: false });
    },
    exec: async ({ id, name: container }, hook) => {
      const record = observed().find((one) => one.record.id === id)?.record;
      if (!record || !hook.command?.length) return;
      const code = await execForeground(roots, record, {
        argv: hook.command,
        terminal: false,
        detached: false,
        environment: environmentFrom(hook.environment ?? {}, session.environment),
        user: hook.user,
        workingDirectory: hook.working_dir,
        privileged: hook.privileged ?? false,
      });
      if (code === 0) return;
      throw new GantryError(
        "watch-exec",
        `${container}: ${hook.command.join(" ")} ended with exit code ${code}`,
      );
    },
    imageTime: (service) => {
      if (!services[service]?.build) return undefined;
      using database = openDatabase(roots);
      return taggedAt({ database }, imageNameOf(model, service));
    },
    manifestPath: (container, rule) => join(containerDirectory(roots, container), "watch", rule),
  };
}
