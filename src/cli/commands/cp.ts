import { copy, copyFromArchive, copyToArchive, HeldDirectory, withContainerTree } from "../../files/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { ObservedContainer } from "../../project/index.ts";
import type { ProgressEvent } from "../../supervisor/index.ts";
import {
  absolutePath,
  type ContainerChoice,
  chosenContainer,
  chosenContainers,
  parseEnd,
} from "../files/copy-ends.ts";
import { wholeNumber } from "../option-values.ts";
import { progressOf, type Session } from "../session.ts";
import { refuseTerminal } from "../streams/write-archive.ts";
import { defineVerb } from "../verb.ts";

type CpOptions = ContainerChoice & {
  readonly archive?: boolean;
  readonly followLink?: boolean;
  readonly dryRun?: boolean;
};

/** `gantry cp` */
export const cp = defineVerb<CpOptions>({
  name: "cp",
  summary: "Copy files between a container and this host",
  declare: (command) =>
    command
      .usage(
        "[options] SERVICE:SRC_PATH DEST_PATH|-\n       gantry cp [options] SRC_PATH|- SERVICE:DEST_PATH",
      )
      .argument("<source>")
      .argument("<destination>")
      .option("--all", "Containers made by `run` too")
      .option("-a, --archive", "Keep owners and groups")
      .option("-L, --follow-link", "Follow a symbolic link that the source is")
      .option("--index <number>", "Number of the container", wholeNumber)
      .option("--dry-run", "Only say what would be copied"),
  run: async (session, operands, given) => {
    const options = { ...given, dryRun: given.dryRun || session.globals.dryRun };
    const [source, destination] = operands.map(parseEnd);
    if (source!.service !== undefined && destination!.service !== undefined) {
      throw new GantryError("copy-ends", "files cannot be copied from one service to another in one go", {
        hint: "Copy through this host: `gantry cp -a A:PATH - | gantry cp -a - B:PATH`.",
      });
    }
    if (source!.service !== undefined) {
      await copyOut(session, source!.service, { from: source!.path, to: destination!.path }, options);
    } else if (destination!.service !== undefined) {
      await copyIn(session, destination!.service, { from: source!.path, to: destination!.path }, options);
    } else {
      throw new GantryError("copy-ends", `neither ${operands.join(" nor ")} names a service`, {
        hint: "Write SERVICE:PATH for what is in a container.",
      });
    }
    return undefined;
  },
});

type Paths = { readonly from: string; readonly to: string };

async function copyOut(session: Session, service: string, paths: Paths, options: CpOptions): Promise<void> {
  const container = chosenContainer(session, service, options.index);
  const from = insideOf(container, paths.from);
  if (paths.to === "-") {
    await withContainerTree(session.roots, container, async (root) => {
      refuseTerminal(session);
      for await (const chunk of copyToArchive({ root, ...from }, options.followLink ?? false)) {
        session.stdout.write(chunk);
      }
    });
    return;
  }
  const own = { uid: process.getuid!(), gid: process.getgid!() };
  await told(session, [container], `${service}:${paths.from} to ${paths.to}`, options, () =>
    withContainerTree(session.roots, container, async (root) => {
      using host = HeldDirectory.open("/");
      const to = { root: host, path: absolutePath(session.workingDirectory, paths.to), text: paths.to };
      await copy({ root, ...from }, to, copyOptions(options, own));
    }),
  );
}

async function copyIn(session: Session, service: string, paths: Paths, options: CpOptions): Promise<void> {
  const containers = chosenContainers(session, service, options);
  if (paths.from === "-" && containers.length > 1) {
    throw new GantryError("copy-ends", `standard input cannot go into ${containers.length} containers`, {
      hint: "Choose one with --index.",
    });
  }
  await told(session, containers, `${paths.from} to ${service}:${paths.to}`, options, (container) =>
    withContainerTree(session.roots, container, async (root) => {
      const to = { root, ...insideOf(container, paths.to) };
      const { owner, followLink } = copyOptions(options, { uid: 0, gid: 0 });
      if (paths.from === "-") return copyFromArchive(process.stdin, to, owner);
      using host = HeldDirectory.open("/");
      const path = absolutePath(session.workingDirectory, paths.from);
      await copy({ root: host, path, text: paths.from }, to, { owner, followLink });
    }),
  );
}

/** One container after the other, each shown as it begins and ends. */
async function told(
  session: Session,
  containers: readonly ObservedContainer[],
  what: string,
  { dryRun }: CpOptions,
  work: (container: ObservedContainer) => Promise<void>,
): Promise<void> {
  const view = progressOf(session);
  const show = ({ record: { name } }: ObservedContainer, status: ProgressEvent["status"]) =>
    view.show({ kind: "container", name, status, detail: what, time: Date.now() });
  try {
    for (const container of containers) {
      show(container, "copying");
      if (!dryRun) await work(container);
      show(container, "copied");
    }
  } finally {
    await view.end();
  }
}

const copyOptions = ({ archive, followLink = false }: CpOptions, owner: { uid: number; gid: number }) => ({
  followLink,
  ...(!archive && { owner }),
});

/** Relative paths of a container begin at its root. */
const insideOf = ({ record }: ObservedContainer, path: string) => ({
  path: absolutePath("/", path),
  text: `${record.name}:${path}`,
});
