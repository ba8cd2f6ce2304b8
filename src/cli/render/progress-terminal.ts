import type { DefaultRenderer, Listr, ListrTaskState } from "listr2";
import type { ProgressEvent } from "../../supervisor/index.ts";
import { shortSeconds } from "./duration.ts";
import { LayerBars } from "./layer-bar.ts";
import type { ProgressView } from "./progress.ts";
import { capitalised, type Phase, phaseOf, subjectOf } from "./status-words.ts";
import { padToWidth, textWidth } from "./text-width.ts";

type TaskList = Listr<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;
type Screen = { readonly list: TaskList; readonly renderer: DefaultRenderer };
type Line = { readonly task: TaskList["tasks"][number]; readonly started: number; last: ProgressEvent };

/**
 * A line per thing with a spinner, then a tick, through listr2's renderer. The tasks are only its model of the screen:
 * they follow the supervisor's events and run nothing. Only the spinner's beat redraws: a hundred services would
 * otherwise redraw a hundred lines for each of their changes.
 */
export function terminalProgress(): ProgressView {
  const waiting: ProgressEvent[] = [];
  let view: Promise<{ show: (event: ProgressEvent) => void; end: () => void }> | undefined;
  let ready: ((event: ProgressEvent) => void) | undefined;
  const open = async () => {
    const lines = await openLines();
    for (const event of waiting.splice(0)) lines.show(event);
    ready = lines.show;
    return lines;
  };
  return {
    show: (event) => {
      if (ready) return ready(event);
      waiting.push(event);
      view ??= open();
    },
    end: async () => {
      const lines = await view;
      view = undefined;
      ready = undefined;
      lines?.end();
    },
  };
}

async function openLines() {
  const listr = await import("listr2");
  const screen = await openScreen(listr);
  const lines = new Map<string, Line>();
  let width = 0;
  const states = stateOfPhase(listr.ListrTaskState);
  const bars = new LayerBars();
  return {
    show: (happened: ProgressEvent) => {
      const event = happened.kind === "layer" ? imageEvent(happened, bars) : happened;
      const subject = subjectOf(event);
      const line = lines.get(subject) ?? addLine(screen.list, subject, event);
      lines.set(subject, line);
      line.last = event;
      line.task.state = states[phaseOf(event.status)];
      line.task.title = titleOf(subject, line, width);
      if (textWidth(subject) <= width) return;
      width = textWidth(subject);
      for (const [name, other] of lines) other.task.title = titleOf(name, other, width);
    },
    end: () => screen.renderer.end(),
  };
}

async function openScreen(listr: typeof import("listr2")): Promise<Screen> {
  const list: TaskList = new listr.Listr([], { registerSignalListeners: false, exitOnError: false });
  const processOutput = new listr.ProcessOutput(process.stderr, process.stderr, { leaveEmptyLine: false });
  const logger = new listr.ListrLogger({ useIcons: true, processOutput });
  const icon = { [listr.ListrDefaultRendererLogLevels.SKIPPED_WITH_COLLAPSE]: "!" };
  // An event manager of its own: the tasks' requests to redraw at every change do not reach it.
  const events = new listr.ListrEventManager();
  const renderer = new listr.DefaultRenderer(list.tasks, { logger, formatOutput: "truncate", icon }, events);
  await renderer.render();
  return { list, renderer };
}

/** A layer is shown in the line of its image. */
function imageEvent(event: ProgressEvent, bars: LayerBars): ProgressEvent {
  const { parent: name = "", time } = event;
  bars.add(event);
  return { kind: "image", name, status: "pulling", detail: bars.of(name), time };
}

function addLine(list: TaskList, subject: string, event: ProgressEvent): Line {
  list.add({ title: subject, task: () => undefined });
  const task = list.tasks.at(-1)!;
  void task.check(undefined);
  return { task, started: event.time, last: event };
}

function titleOf(subject: string, line: Line, width: number): string {
  const { status, detail, time } = line.last;
  const words = `${padToWidth(subject, width)}  ${capitalised(status)}`;
  const finished = phaseOf(status) === "working" ? "" : `  ${shortSeconds(time - line.started)}`;
  return detail ? `${words}${finished}  ${detail}` : `${words}${finished}`;
}

function stateOfPhase(states: typeof ListrTaskState): Readonly<Record<Phase, ListrTaskState>> {
  return {
    working: states.STARTED,
    done: states.COMPLETED,
    failed: states.FAILED,
    warned: states.SKIPPED,
  };
}
