import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { platformText, readAttributes } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { onFreeUplink, type UplinkUser } from "../../net/index.ts";
import {
  buildSpec,
  type ContainerSettings,
  type Holder,
  holdProgramNamespaces,
  runStep,
  type StepProgram,
} from "../../runtime/index.ts";
import { announcedIn } from "../dockerfile/heredoc.ts";
import type { RunInstruction } from "../dockerfile/instruction.ts";
import { heredocText } from "../dockerfile/logical-lines.ts";
import { lowerDirectories } from "../engine/layer-tree.ts";
import { canRun } from "../engine/platform.ts";
import type { Step } from "../engine/progress.ts";
import { instructionFailed, type StageRun } from "../engine/stage-run.ts";
import { isProxyArgument } from "../engine/variables.ts";
import { BUILD_PROJECT } from "../engine/workspace.ts";
import { argvOf } from "./config.ts";
import {
  discardMounts,
  mountInputs,
  mountsOf,
  type PreparedMounts,
  prepareMounts,
  whileLocked,
} from "./mounts.ts";
import { nameFiles } from "./name-files.ts";
import { removeStubs } from "./stubs.ts";

const HOSTNAME = "buildkitsandbox";
/** Where a here-document that is a script of its own lies. */
const SCRIPTS = "/dev/pipes";

/** RUN: a program over the layers so far; what it changes is the next layer. */
export async function runCommand(run: StageRun, instruction: RunInstruction): Promise<void> {
  checkEntitlements(run, instruction);
  checkPlatform(run, instruction);
  const command = commandOf(run, instruction);
  const mounts = mountsOf(run, instruction);
  const { config } = run.draft;
  const list = run.variables.argumentList;
  const history = [...(list.length > 0 ? [`|${list.length}`, ...list] : []), ...command.argv].join(" ");
  await run.makeLayer({
    instruction,
    inputs: [
      "run",
      command,
      run.variables.environment.filter((item) => !isProxyArgument(item.split("=", 1)[0]!)),
      [config.User ?? "", run.workingDirectory, networkOf(run, instruction), instruction.security],
      await mountInputs(run, instruction, mounts),
      [run.request.extraHosts, run.request.shmSize ?? null],
    ],
    history: `RUN ${history} # buildkit`,
    make: (step) => execute(run, instruction, command, step),
  });
}

type Command = {
  readonly argv: readonly string[];
  readonly script?: { readonly name: string; readonly text: string };
};

/** The argv; a here-document is the shell's text, or a script by itself when it says what runs it (#!). */
function commandOf(run: StageRun, { command }: RunInstruction): Command {
  const [document] = command.form === "shell" ? command.heredocs : [];
  if (command.form === "exec" || !document) return { argv: argvOf(run, command) };
  if (!announcedIn(command.text)) {
    const documents = command.heredocs.map(({ name, content }) => `\n${content}${name}`);
    return { argv: argvOf(run, { ...command, text: command.text + documents.join("") }) };
  }
  const text = heredocText(document);
  if (!text.startsWith("#!")) return { argv: argvOf(run, { ...command, text }) };
  return { argv: [`${SCRIPTS}/${document.name}`], script: { name: document.name, text } };
}

async function execute(
  run: StageRun,
  instruction: RunInstruction,
  command: Command,
  step: Step,
): Promise<string> {
  const { engine } = run;
  const room = engine.workspace.room("upper", "work", "root");
  const root = join(room.path, "root");
  const mounts = await prepareMounts(run, instruction, mountsOf(run, instruction), root);
  try {
    const lower = lowerDirectories(engine, run.draft.layers);
    const layers = {
      lower: lower.length > 0 ? lower : [engine.workspace.room().path],
      upper: join(room.path, "upper"),
      work: join(room.path, "work"),
    };
    const settings = settingsOf(run, instruction, { ...room, lower, command, mounts });
    const program = { name: instruction.text, root, layers, trees: mounts.trees, mounts: mounts.ops };
    const code = await whileLocked(mounts.locks, () =>
      supervise(run, instruction, { program, settings, step }),
    );
    if (code !== 0) throw failed(run, instruction, command.argv, { code, step });
    const attributes = await readAttributes(engine.services.store.helper, layers.upper);
    removeStubs(layers.upper, lower, [...MOUNTED, ...mounts.targets], attributes);
    return layers.upper;
  } finally {
    discardMounts(mounts);
  }
}

/** Where every container has something mounted. */
const MOUNTED = ["/proc", "/dev", "/sys", "/etc/hosts", "/etc/resolv.conf", SCRIPTS];

type Execution = {
  readonly program: Omit<StepProgram, "spec" | "holder" | "output">;
  readonly settings: ContainerSettings;
  readonly step: Step;
};

/** Runs the program in namespaces that end with this process, and when the build is cancelled. */
async function supervise(run: StageRun, instruction: RunInstruction, execution: Execution): Promise<number> {
  const { signal } = run.engine;
  const { program, settings, step } = execution;
  const { started: holder, leave } = await holderFor(run, networkOf(run, instruction), settings.id);
  const kill = () => holder.child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  try {
    signal.throwIfAborted();
    const spec = buildSpec(settings);
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    const output: StepProgram["output"] = (stream, chunk) =>
      step.output(decoders[stream].decode(chunk, { stream: true }));
    const code = await runStep({ ...program, spec, holder: holder.identity, output });
    signal.throwIfAborted();
    if (code !== 0 && run.request.debugShell) await debugShell(execution, holder);
    return code;
  } finally {
    signal.removeEventListener("abort", kill);
    kill();
    await leave();
  }
}

/** A shell where the program failed, with the terminal of this process. */
async function debugShell({ program, settings }: Execution, holder: Holder): Promise<void> {
  const spec = buildSpec({ ...settings, argv: ["/bin/sh"], tty: true });
  await runStep({ ...program, name: "debug shell", spec, holder: holder.identity, output: "terminal" });
}

async function holderFor(
  run: StageRun,
  network: "default" | "none" | "host",
  id: string,
): Promise<UplinkUser<Holder>> {
  if (network !== "default") {
    return { started: await holdProgramNamespaces([LOOPBACK]), leave: async () => undefined };
  }
  run.engine.usesUplink = true;
  const isTaken = (error: unknown) =>
    error instanceof GantryError && /link_add_veth.*EEXIST/.test(error.message);
  return onFreeUplink(id, holdProgramNamespaces, isTaken);
}

const LOOPBACK = { op: "link_set", netns: 0, name: "lo", up: 1 } as const;

type Place = {
  readonly path: string;
  readonly id: string;
  readonly lower: readonly string[];
  readonly command: Command;
  readonly mounts: PreparedMounts;
};

function settingsOf(run: StageRun, instruction: RunInstruction, place: Place): ContainerSettings {
  const { request, draft, engine } = run;
  const network = networkOf(run, instruction);
  const privileged = request.privileged || instruction.security === "insecure";
  const proxies = Object.entries(request.args).filter(([name]) => isProxyArgument(name));
  return {
    id: place.id,
    project: BUILD_PROJECT,
    directory: place.path,
    layerDirectories: place.lower,
    argv: place.command.argv,
    env: [
      ...run.variables.environment,
      ...proxies.map(([name, value]) => `${name}=${value}`),
      ...place.mounts.environment,
    ],
    workingDirectory: run.workingDirectory,
    user: draft.config.User ?? "",
    groupAdd: [],
    tty: false,
    init: false,
    hostname: HOSTNAME,
    readOnly: false,
    privileged,
    capAdd: [],
    capDrop: [],
    securityOpt: [],
    sysctls: {},
    ulimits: request.ulimits,
    resources: { memory: request.memory },
    mounts: [
      ...nameFiles(place.path, HOSTNAME, request.extraHosts, network, engine.services.resolvConf()),
      ...scriptMount(place),
    ],
    tmpfs: [],
    shmSize: request.shmSize,
    devices: [],
    deviceCgroupRules: [],
    files: [],
    network: network === "host" ? "host" : { container: "holder" },
    pid: { container: "holder" },
    ipc: "private",
    uts: "private",
    cgroup: "private",
  };
}

function scriptMount({ path, command }: Place): ContainerSettings["mounts"] {
  if (!command.script) return [];
  const directory = join(path, "scripts");
  mkdirSync(directory);
  writeFileSync(join(directory, command.script.name), command.script.text, { mode: 0o755 });
  return [{ source: directory, target: SCRIPTS, readOnly: true }];
}

/**
 * An ordinary user's builds have the host's network where root's have one of their own: no uplink can be made from
 * within a user namespace.
 */
function networkOf(run: StageRun, { network }: RunInstruction): "default" | "none" | "host" {
  const asked = network === "default" ? run.request.network : network;
  return asked === "default" && run.engine.services.store.userNamespace ? "host" : asked;
}

function checkPlatform({ draft }: StageRun, instruction: RunInstruction): void {
  if (canRun(draft.platform)) return;
  const platform = platformText(draft.platform);
  throw instructionFailed(
    instruction,
    "build-platform",
    `programs for ${platform} do not run on this machine`,
    {
      hint: "Install an emulator (Debian: qemu-user-static, binfmt-support), or do the work in a stage FROM --platform=$BUILDPLATFORM.",
    },
  );
}

function checkEntitlements({ request }: StageRun, instruction: RunInstruction): void {
  const needed = [
    ...(instruction.security === "insecure" && !request.privileged ? ["security.insecure"] : []),
    ...(instruction.network === "host" && request.network !== "host" ? ["network.host"] : []),
  ].find((entitlement) => !request.entitlements.includes(entitlement));
  if (needed === undefined) return;
  throw instructionFailed(instruction, "build-entitlement", `the build is not entitled to ${needed}`, {
    hint: `Allow it with --allow ${needed}, or under build: entitlements: of the service.`,
  });
}

type Ended = { readonly code: number; readonly step: Step };

function failed(
  run: StageRun,
  instruction: RunInstruction,
  argv: readonly string[],
  end: Ended,
): GantryError {
  const { code, step } = end;
  return instructionFailed(
    instruction,
    "build-step-failed",
    `process ${JSON.stringify(argv.join(" "))} exited with ${code}`,
    {
      details: step.lastLines,
      hint: run.request.debugShell
        ? undefined
        : "The same command with --debug-shell opens a shell where it failed.",
    },
  );
}
