import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { projectRunDirectory, type Roots } from "../../lib/paths.ts";
import {
  adoptNamespacePlan,
  ensureHostUplink,
  HelperFailure,
  type KeeperRequest,
  newNamespacePlan,
  runKeeper,
  uplinkLeases,
} from "../../net/index.ts";
import type { HostFacts } from "../host-facts.ts";
import { survivingMonitor } from "./surviving-monitor.ts";

/**
 * Starts a project's keeper, and with it the supervisor: in the project namespace that surviving containers are in,
 * else in a new one that hangs on the first uplink nobody else has.
 */
export async function startKeeper(roots: Roots, name: string, facts: HostFacts): Promise<void> {
  const directory = projectRunDirectory(roots, name);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const request = keeperRequest(directory, name, facts);
  const member = survivingMonitor(roots, name);
  try {
    if (member) await runKeeper(adoptNamespacePlan(request, member));
    else await startInNewNamespace(request, directory);
  } catch (error) {
    if (error instanceof HelperFailure) throw keeperFailed(name, error);
    throw error;
  }
  await ensureHostUplink();
}

async function startInNewNamespace(request: KeeperRequest, identity: string): Promise<void> {
  for (const lease of uplinkLeases(identity, new Set(readdirSync("/sys/class/net")))) {
    try {
      return await runKeeper(newNamespacePlan(request, lease));
    } catch (error) {
      // Another project, of whatever root, was faster to take this link: the next one, then.
      const taken =
        error instanceof HelperFailure && error.operation === "link_add_veth" && error.errno === "EEXIST";
      if (!taken) throw error;
    }
  }
}

function keeperRequest(directory: string, name: string, facts: HostFacts): KeeperRequest {
  return {
    controlPath: join(directory, "keeper.sock"),
    statusPath: join(directory, "keeper"),
    logPath: join(directory, "supervisor.log"),
    supervisor: { argv: [...facts.supervisorCommand, name], env: supervisorEnvironment(), cwd: "/" },
  };
}

/** What the supervisor's environment keeps of the command's: where things are, nothing that could be a secret. */
function supervisorEnvironment(): string[] {
  const kept = /^(PATH|HOME|LANG|LC_.*|TZ|XDG_.*|GANTRY_.*)$/;
  return Object.entries(process.env).flatMap(([key, value]) =>
    value !== undefined && kept.test(key) ? [`${key}=${value}`] : [],
  );
}

function keeperFailed(name: string, failure: HelperFailure): GantryError {
  return new GantryError("keeper-start", `the keeper of project ${name} could not be started`, {
    details: [failure.message],
    cause: failure,
    hint: "`gantry doctor` checks what the host needs",
  });
}
