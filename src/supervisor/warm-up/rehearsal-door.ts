import { encodePlan } from "../../lib/launch-plan/index.ts";
import type { Roots } from "../../lib/paths.ts";
import { allocateNetworks, loopbackOps, rehearseNetworkSet } from "../../net/index.ts";
import { hashNetwork, type OwnedNetwork, translateContainer } from "../../project/index.ts";
import { buildSpec, type OciSpec, planFor } from "../../runtime/index.ts";
import type { RunningProgram } from "../containers/runtime-door.ts";
import { endpointsOf, recordNetworks } from "../host/endpoints.ts";
import { ProjectAddresses } from "../host/project-addresses.ts";
import type { ProjectDoor } from "../project-door.ts";

const nothing = async () => undefined;

/**
 * A door with no world behind it: everything is decided as for a real container, down to the bytes of the launch
 * plan, and nothing is done. No file is read, no process is started.
 */
export function rehearsalDoor(roots: Roots): ProjectDoor {
  const addresses = new ProjectAddresses();
  const specs = new Map<string, OciSpec>();
  let networks: readonly OwnedNetwork[] = [];
  return {
    allocateNetwork: (key, model, owned) => {
      const rest = Object.entries(model).filter(([other]) => !owned.some((one) => one.key === other));
      const request = {
        project: "warm-up",
        networks: Object.fromEntries(rest),
        existing: owned,
        routes: [],
      };
      const allocated = allocateNetworks(request).find((network) => network.key === key)!;
      return { ...allocated, configHash: hashNetwork(model[key]!) };
    },
    wantNetworks: () => undefined,
    applyNetworks: async (wanted) => {
      networks = wanted;
      rehearseNetworkSet(wanted);
    },
    createContainer: async (request) => {
      addresses.follow(request.networks, []);
      const nothing = { files: [], inherited: [], volumeOptions: () => undefined, recordOf: () => undefined };
      const input = { ...request, ...nothing, roots, version: "" };
      const { record, settings } = translateContainer({
        ...input,
        networks: recordNetworks(request, addresses),
      });
      specs.set(record.id, JSON.parse(JSON.stringify(buildSpec(settings))) as OciSpec);
      return record;
    },
    updateContainer: async (record) => ({ record, warnings: [] }),
    start: async (record) => {
      const endpoints = endpointsOf(record, networks, undefined);
      const plan = planFor({
        roots,
        record,
        spec: specs.get(record.id)!,
        networkOps: [...loopbackOps(), ...endpoints.flatMap(({ ops }) => ops)],
        copyUps: [],
        holdMs: 0,
        cgroups: ["/warm-up"],
        cgroupMounts: [],
        deviceFilter: undefined,
        oom: { path: "", key: "" },
        processOf: () => ({ pid: 1, startTime: 1 }),
      });
      encodePlan(plan);
      const program: RunningProgram = {
        pid: 1,
        startedAt: 0,
        ended: new Promise(() => undefined),
        signal: () => undefined,
      };
      return { program, ports: [], warnings: [] };
    },
    provideContents: () => undefined,
    release: nothing,
    withdraw: () => undefined,
    pause: () => undefined,
    unpause: () => undefined,
    memory: () => undefined,
    canHandle: () => false,
    probe: async () => ({ started: 0, finished: 0, exitCode: 0, output: "" }),
    runHook: async () => ({ exitCode: 0, output: "" }),
    saveState: () => undefined,
    remove: nothing,
    createVolume: nothing,
    removeVolume: nothing,
    connect: async (record) => record,
    disconnect: async (record) => record,
    leaveNetwork: nothing,
    sharedNetworkNames: () => new Set<string>(),
    volumeNames: () => new Set<string>(),
    writeProject: nothing,
    forgetLogs: () => undefined,
    removeProject: nothing,
    lastLogLines: async () => [],
  };
}
