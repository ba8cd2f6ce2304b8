import { namespaceLock } from "../../lib/user-namespace.ts";
import { type OpenProject, openProject } from "../../supervisor/index.ts";
import { findProgram } from "../doctor/find-program.ts";
import { thisHost } from "../doctor/host.ts";
import { scopeCommand } from "../doctor/user-scope.ts";
import type { Session } from "../session.ts";
import { GANTRY_VERSION } from "../version.ts";

function uplinkPrograms({ environment }: Session) {
  const pasta = findProgram("pasta", environment);
  return pasta === undefined ? { slirp4netns: findProgram("slirp4netns", environment) } : { pasta };
}

/** Opens a project; its supervisor starts, if it must, while the command goes on. */
export function openProjectNamed(session: Session, name: string): OpenProject {
  const root = session.globals.root ?? session.environment["GANTRY_ROOT"];
  const rootOption = root ? ["--root", session.roots.data] : [];
  const lock = namespaceLock(session.environment);
  return openProject(session.roots, name, {
    supervisorCommand: [...session.selfCommand, ...rootOption, "__supervisor"],
    version: GANTRY_VERSION,
    rootless:
      lock === undefined
        ? undefined
        : {
            namespaceLock: lock,
            uplinkPrograms: uplinkPrograms(session),
            scopeCommand: scopeCommand(thisHost(session.uid, session.environment)),
          },
  });
}
