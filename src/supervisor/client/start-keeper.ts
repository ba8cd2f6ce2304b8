import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { noteBoot } from "../../lib/boot.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { projectRunDirectory, type Roots } from "../../lib/paths.ts";
import type { ProcessIdentity } from "../../lib/process-identity.ts";
import {
  adoptNamespacePlan,
  ensureHostUplink,
  HelperFailure,
  type KeeperRequest,
  newNamespacePlan,
  runKeeper,
  uplinkLeases,
  userUplink,
  vethUplink,
} from "../../net/index.ts";
import type { HostFacts, RootlessFacts } from "../host-facts.ts";
import { survivingMonitor } from "./surviving-monitor.ts";

/**
 * Starts a project's keeper, and with it the supervisor: in the project namespace that surviving containers are in,
 * else in a new one that hangs on the first uplink nobody else has.
 */
export async function startKeeper(roots: Roots, name: string, facts: HostFacts): Promise<void> {
  const directory = projectRunDirectory(roots, name);
  noteBoot(roots);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const request = keeperRequest(directory, name, facts);
  const member = survivingMonitor(roots, name);
  const { rootless } = facts;
  try {
    if (rootless) await startForUser(request, rootless, directory, member);
    else if (member) await runKeeper(adoptNamespacePlan(request, member));
    else await startInNewNamespace(request, directory);
  } catch (error) {
    if (error instanceof HelperFailure) throw keeperFailed(name, error);
    throw error;
  }
  if (!rootless) await ensureHostUplink();
}

/** An uplink that is a process ends with its keeper: the next keeper starts another in the namespace that survived. */
async function startForUser(
  request: KeeperRequest,
  { uplinkPrograms, scopeCommand }: RootlessFacts,
  directory: string,
  member: ProcessIdentity | undefined,
): Promise<void> {
  const [lease] = uplinkLeases(directory, new Set());
  const uplink = userUplink(uplinkPrograms, lease!, join(directory, "uplink"));
  const plan = member ? adoptNamespacePlan(request, member, uplink) : newNamespacePlan(request, uplink);
  await runKeeper(plan, scopeCommand);
}

async function startInNewNamespace(request: KeeperRequest, identity: string): Promise<void> {
  for (const lease of uplinkLeases(identity, new Set(readdirSync("/sys/class/net")))) {
    try {
      return await runKeeper(newNamespacePlan(request, vethUplink(lease)));
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
    namespaceLock: facts.rootless?.namespaceLock,
    supervisor: {
      argv: [...facts.supervisorCommand, name],
      env: [...supervisorEnvironment(), ...(facts.rootless ? hostAddressVariable() : [])],
      cwd: "/",
    },
  };
}

/** Where nft is, which an ordinary user's PATH may leave out. */
const SYSTEM_PROGRAMS = ":/usr/sbin:/sbin";

/** What the supervisor's environment keeps of the command's: where things are, nothing that could be a secret. */
function supervisorEnvironment(): string[] {
  const kept = /^(PATH|HOME|LANG|LC_.*|TZ|XDG_.*|GANTRY_.*)$/;
  return Object.entries(process.env).flatMap(([key, value]) =>
    value !== undefined && kept.test(key)
      ? [`${key}=${key === "PATH" ? value + SYSTEM_PROGRAMS : value}`]
      : [],
  );
}

/** Where containers find the host: without a link between them that is only known out here. */
function hostAddressVariable(): string[] {
  const routes = readFileSync("/proc/net/route", "latin1").split("\n");
  const outward = routes
    .map((line) => line.split("\t"))
    .find(([, destination]) => destination === "00000000");
  const addresses = networkInterfaces()[outward?.[0] ?? ""] ?? [];
  const address = addresses.find(({ family }) => family === "IPv4")?.address;
  return address === undefined ? [] : [`GANTRY_HOST_ADDRESS=${address}`];
}

function keeperFailed(name: string, failure: HelperFailure): GantryError {
  return new GantryError("keeper-start", `the keeper of project ${name} could not be started`, {
    details: [failure.message],
    cause: failure,
    hint: "`gantry doctor` checks what the host needs",
  });
}
