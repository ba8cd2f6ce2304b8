import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { containerDirectory } from "../../lib/paths.ts";
import { projectContainers } from "../../project/index.ts";
import { execForeground, readSpec, readStatus } from "../../runtime/index.ts";
import type { OpenProject } from "../../supervisor/index.ts";
import type { WatchDoor } from "../../watch/index.ts";
import { environmentFrom } from "../commands/exec.ts";
import type { Session } from "../session.ts";

/** The project as a watch session sees and changes it. */
export function watchDoor(
  session: Session,
  project: OpenProject,
  name: string,
  rebuild: WatchDoor["rebuild"],
): WatchDoor {
  const { roots } = session;
  const observed = () => projectContainers(roots, name);
  return {
    rebuild,
    containers: (service) =>
      observed().flatMap(({ record, state }) => {
        if (record.service !== service || record.oneOff) return [];
        const { process } = readStatus(roots, record.id, state, () => false);
        if (!process) return [];
        const { uid, gid } = readSpec(roots, record.id).process.user;
        return [
          { id: record.id, name: record.name, pid: process.pid, startTime: process.startTime, uid, gid },
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
    manifestPath: (container, rule) => join(containerDirectory(roots, container), "watch", rule),
  };
}
