import { renderProject } from "../../compose/index.ts";
import { isUp, projectContainers } from "../../project/index.ts";
import type { ContainerIdentity, OpenProject, UpParams } from "../../supervisor/index.ts";
import type { UpOptions } from "../commands/up-request.ts";
import { followOutput, type OutputFollower } from "../containers/follow-output.ts";
import { linePrinter, type OutputLine } from "../containers/line-printer.ts";
import type { LoadedModel } from "../load/load-model.ts";
import { openProgress } from "../render/progress.ts";
import { progressOf, type Session } from "../session.ts";
import { remark } from "../tell.ts";
import type { WatchSwitch } from "../watch/watch-switch.ts";
import { attachedProgress } from "./attached-progress.ts";
import { attachedUp } from "./attached-up.ts";
import { containerLabel } from "./container-label.ts";
import type { BottomLine } from "./menu/bottom-line.ts";
import { Menu } from "./menu/menu.ts";
import { openInPager } from "./menu/open-config.ts";

/** What the keys of an attached `up` work on. */
export type AttachedSurroundings = {
  readonly model: LoadedModel;
  readonly watch: WatchSwitch;
  readonly line: BottomLine | undefined;
};

/** Runs `up` in the foreground on this machine's projects and terminal. */
export async function runAttached(
  session: Session,
  project: OpenProject,
  request: UpParams,
  options: UpOptions,
  surroundings: AttachedSurroundings,
): Promise<number> {
  let leave: () => void = () => undefined;
  const menu = menuOf(session, surroundings, () => leave());
  const name = request.project.name;
  const find = (id: string) => projectContainers(session.roots, name).find(({ record }) => record.id === id);
  const output = new AttachedOutput(session, request, options, menu);
  const rule = {
    abortOnExit: options.abortOnContainerExit ?? false,
    abortOnFailure: options.abortOnContainerFailure ?? false,
    exitCodeFrom: options.exitCodeFrom,
  };
  const door = {
    project,
    progress: output.progress,
    follow: (container: ContainerIdentity) => output.follow(container),
    drain: (id: string) => output.drain(id),
    stateOf: (id: string) => {
      const found = find(id);
      return found && { isUp: isUp(found), exitCode: found.exit?.code ?? 0 };
    },
    prospects: (id: string) => {
      const found = find(id);
      return found && { policy: found.record.restart, restarts: found.state.restartCount };
    },
    containerOf: (id: string) => find(id)?.record,
    announceExit: (container: ContainerIdentity, exitCode: number) =>
      output.announceExit(container, exitCode),
    offerLeaving: (offered: () => void) => {
      leave = offered;
    },
    remark: (line: string) => remark(session, line),
  };
  try {
    return await attachedUp(door, request, rule);
  } finally {
    await output.close();
    menu?.close();
  }
}

/** What an attached `up` shows: its progress, then, in the order in which it comes, what containers write. */
class AttachedOutput {
  readonly progress: ReturnType<typeof attachedProgress>;
  readonly #session: Session;
  readonly #project: string;
  readonly #menu: Menu | undefined;
  readonly #since = Date.now();
  readonly #followers = new Map<string, OutputFollower>();
  readonly #print: ReturnType<typeof linePrinter>;
  readonly #isShown: (service: string) => boolean;
  /** What comes before the progress has made room waits for that. */
  #before: Promise<void> | undefined = Promise.resolve();

  constructor(session: Session, request: UpParams, options: UpOptions, menu: Menu | undefined) {
    const { progress: kind } = session.globals;
    const beside = openProgress(
      kind === "json" || kind === "quiet" ? kind : "plain",
      session.stderr,
      "never",
    );
    this.progress = attachedProgress(progressOf(session), beside);
    this.#session = session;
    this.#project = request.project.name;
    this.#menu = menu;
    this.#isShown = shownServices(request, options);
    this.#print = linePrinter(session, {
      project: request.project.name,
      services: Object.keys(request.project.services),
      prefix: options.logPrefix,
      color: options.color,
      timestamps: options.timestamps ?? false,
    });
  }

  follow(container: ContainerIdentity): void {
    this.#inOrder(() => {
      if (this.#followers.has(container.id) || !this.#isShown(container.service)) return;
      const print = (line: OutputLine) => this.#print(container, line);
      const range = { since: this.#since };
      this.#followers.set(container.id, followOutput(this.#session.roots, container.id, range, print));
    });
  }

  drain(id: string): void {
    this.#inOrder(() => this.#followers.get(id)?.drain(true));
  }

  announceExit({ name }: ContainerIdentity, exitCode: number): void {
    const label = containerLabel({ name, project: this.#project });
    this.#inOrder(() => this.#session.stdout.write(`${label} exited with code ${exitCode}\n`));
  }

  async close(): Promise<void> {
    await this.#before;
    for (const follower of this.#followers.values()) follower.stop();
  }

  #inOrder(show: () => unknown): void {
    if (this.#before === undefined) {
      show();
      return;
    }
    this.#before = this.#before
      .then(() => this.progress.outputBegins())
      .then(() => {
        this.#menu?.open();
        show();
      });
    const mine = this.#before;
    void mine.then(() => {
      if (this.#before === mine) this.#before = undefined;
    });
  }
}

function menuOf(
  session: Session,
  { model, watch, line }: AttachedSurroundings,
  detach: () => void,
): Menu | undefined {
  return (
    line &&
    new Menu(line, session.paint, {
      detach,
      toggleWatch: () => watch.toggle(),
      isWatching: () => watch.isOn,
      openConfig: () => openInPager(session, renderProject(model.project, "yaml")),
    })
  );
}

/** Whose output is shown: of the services named (all without names), as `--attach` and its like change that. */
export function shownServices(
  request: Pick<UpParams, "services" | "project">,
  options: Pick<UpOptions, "attach" | "noAttach" | "attachDependencies">,
): (service: string) => boolean {
  const named = options.attach ?? (options.attachDependencies ? [] : request.services);
  return (service) => {
    if (options.noAttach?.includes(service)) return false;
    if (options.attach === undefined && request.project.services[service]?.attach === false) return false;
    return named.length === 0 || named.includes(service);
  };
}
