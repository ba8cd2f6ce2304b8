import { constants } from "node:fs";
import { isAbsolute } from "node:path";
import { type Diagnostic, GantryError } from "../../lib/diagnostic.ts";
import { findRuntime, KNOWN_RUNTIMES, type OciRuntime } from "../../runtime/index.ts";
import { findProgram, mayUse } from "../doctor/find-program.ts";
import type { Session } from "../session.ts";
import { faultAt } from "./fault-at.ts";
import { networkLacks } from "./host-networks.ts";
import type { LoadedModel } from "./load-model.ts";

/** What of this host the model's services need by name. */
export type HostAbilities = { readonly runtimes: Readonly<Record<string, OciRuntime>> };

/** Finds what the services ask of this host; all that is not here is one error, before anything is made. */
export function hostAbilities(session: Session, model: LoadedModel): HostAbilities {
  const runtimes: Record<string, OciRuntime> = {};
  const faults: Diagnostic[] = [];
  for (const [service, { runtime }] of Object.entries(model.project.services)) {
    if (!runtime) continue;
    const found = findRuntime(runtime, (program) => findRuntimeProgram(program, session));
    if (found) runtimes[runtime] = found;
    else faults.push(faultAt(model, ["services", service, "runtime"], noSuchRuntime(service, runtime)));
  }
  for (const { path, problem } of networkLacks(model.project, session.privileges === "rootless"))
    faults.push(faultAt(model, path, problem));
  if (faults.length === 0) return { runtimes };
  throw new GantryError("host-lacks", "this host does not have what the Compose file asks for", {
    diagnostics: faults,
  });
}

const findRuntimeProgram = (program: string, { environment }: Session) =>
  isAbsolute(program)
    ? mayUse(program, constants.X_OK)
      ? program
      : undefined
    : findProgram(program, environment);

function noSuchRuntime(service: string, runtime: string) {
  return {
    code: "runtime-missing",
    message: `service ${service}: this host has no runtime ${runtime}`,
    hint: KNOWN_RUNTIMES.includes(runtime)
      ? `install ${runtime}, or remove \`runtime:\`: gantry has one of its own`
      : `known are ${KNOWN_RUNTIMES.join(", ")}, those of /etc/docker/daemon.json, and absolute paths`,
  };
}
