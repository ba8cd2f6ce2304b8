import { once } from "node:events";
import type { Op } from "../../lib/launch-plan/index.ts";
import type { ProcessIdentity } from "../../lib/process-identity.ts";
import { ContainerCgroup } from "../cgroup/container-cgroup.ts";
import { launchFailure } from "../launch/launch-failure.ts";
import { startHelper } from "../launch/start-helper.ts";
import { joinedNamespaces, programOps } from "../plan/container-plan.ts";
import type { OciSpec } from "../spec/oci-spec.ts";
import { overlayOf, type StackedLayers } from "./overlay.ts";

/** A program of a build, run to its end in the foreground of this process. */
export type StepProgram = {
  /** What it is called in messages. */
  readonly name: string;
  readonly spec: OciSpec;
  /** Absolute, empty: where the root is mounted. */
  readonly root: string;
  readonly layers: StackedLayers;
  /** Further trees, each mounted at an absolute empty directory, for `mounts` to bind from. */
  readonly trees: readonly { readonly layers: StackedLayers; readonly mountPoint: string }[];
  /** Binds beneath the root, after those of the spec. */
  readonly mounts: readonly Op[];
  /** Holds the pid and network namespaces; the spec says by "container:" which of them are joined. */
  readonly holder: ProcessIdentity;
  /** Output goes to `onOutput`; "terminal": to this process's own terminal, whose input the program reads. */
  readonly output: "terminal" | ((stream: "stdout" | "stderr", chunk: Buffer) => void);
};

/** Runs it and gives its exit code. Whoever kills the holder kills the program. */
export async function runStep(program: StepProgram): Promise<number> {
  const cgroup = new ContainerCgroup(program.spec.linux.cgroupsPath);
  cgroup.create(program.spec.linux.resources);
  try {
    return await run(program, cgroup);
  } finally {
    await cgroup.remove();
  }
}

async function run(program: StepProgram, cgroup: ContainerCgroup): Promise<number> {
  const { output } = program;
  const standard = output === "terminal" ? "inherit" : "pipe";
  const input = output === "terminal" ? "inherit" : "ignore";
  const { child, status } = startHelper(planOf(program, cgroup), [input, standard, standard], false);
  if (output !== "terminal") {
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream]!.on("data", (chunk: Buffer) => output(stream, chunk));
    }
  }
  const ended = once(child, "close") as Promise<[number | null]>;
  ended.catch(() => undefined);
  const outcome = await status;
  const [code] = await ended;
  if (!outcome.ok) throw launchFailure(program.name, outcome);
  return code ?? 137;
}

function planOf(program: StepProgram, cgroup: ContainerCgroup): Op[] {
  const { root, spec, layers, trees, mounts, holder } = program;
  const filter = cgroup.deviceFilter(spec.linux.resources);
  return [
    ...(filter ? [{ op: "device_filter", ...filter } satisfies Op] : []),
    ...cgroup.directories.map((path): Op => ({ op: "cgroup_join", path })),
    ...joinedNamespaces({ spec, processOf: () => holder }),
    ...programOps({
      root,
      spec,
      networkOps: [],
      cgroupMounts: cgroup.mounts,
      processOf: () => holder,
      rootOps: [overlayOf(layers, root), ...trees.map((tree) => overlayOf(tree.layers, tree.mountPoint))],
      mountOps: mounts,
    }),
  ];
}
