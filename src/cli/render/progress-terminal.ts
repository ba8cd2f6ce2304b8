import type { DefaultRenderer, Listr, ListrTaskState } from "listr2";
import type { Output } from "../streams/output.ts";
import { LiveLines } from "./live-lines.ts";
import type { Paint } from "./paint.ts";
import type { ProgressView } from "./progress.ts";
import type { Phase } from "./status-words.ts";
import { cutToWidth } from "./text-width.ts";

type TaskList = Listr<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;

const ICONS: Readonly<Record<Phase, readonly [Parameters<Paint>[0], string]>> = {
  working: ["yellow", "…"],
  done: ["green", "✔"],
  failed: ["red", "✖"],
  warned: ["yellow", "!"],
};

/**
 * A live line per thing, with a spinner and how long it takes, through listr2's renderer; when the command is done one
 * line is left of all that went well. listr2's tasks are only rows of the screen: they follow the supervisor's events
 * and run nothing. Only the spinner's beat redraws: a hundred services would otherwise redraw a hundred lines for each
 * of their changes.
 */
export function terminalProgress(output: Output, paint: Paint): ProgressView {
  let lines = new LiveLines();
  let screen: Promise<{ readonly end: () => void }> | undefined;
  return {
    show: (event) => {
      lines.take(event);
      screen ??= openScreen(lines);
    },
    end: async () => {
      const opened = await screen;
      if (!opened) return;
      opened.end();
      const columns = process.stderr.columns || 80;
      for (const { phase, text } of lines.final()) {
        const [colour, icon] = ICONS[phase];
        // What went wrong is told whole.
        output.write(`${paint(colour, icon)} ${phase === "done" ? cutToWidth(text, columns - 3) : text}\n`);
      }
      screen = undefined;
      lines = new LiveLines();
    },
  };
}

async function openScreen(lines: LiveLines): Promise<{ readonly end: () => void }> {
  const listr = await import("listr2");
  const list: TaskList = new listr.Listr([], { registerSignalListeners: false, exitOnError: false });
  const states = stateOfPhase(listr.ListrTaskState);
  const processOutput = new listr.ProcessOutput(process.stderr, process.stderr, { leaveEmptyLine: false });
  const logger = new listr.ListrLogger({ useIcons: true, processOutput });
  const icon = { [listr.ListrDefaultRendererLogLevels.SKIPPED_WITH_COLLAPSE]: "!" };
  class Screen extends listr.DefaultRenderer {
    override create(options?: Parameters<DefaultRenderer["create"]>[0]): string {
      fillRows(list, lines, states);
      return super.create(options);
    }
  }
  // An event manager of its own: the tasks' requests to redraw at every change do not reach it.
  const events = new listr.ListrEventManager();
  const looks = { logger, formatOutput: "truncate", clearOutput: true, icon } as const;
  const renderer = new Screen(list.tasks, looks, events);
  await renderer.render();
  return renderer;
}

/** As many rows as there are lines to show; rows left over are empty, which the renderer leaves out. */
function fillRows(list: TaskList, lines: LiveLines, states: Readonly<Record<Phase, ListrTaskState>>): void {
  const most = Math.max(3, (process.stderr.rows || 24) - 2);
  const visible = lines.visible(Date.now(), most);
  while (list.tasks.length < visible.length) addRow(list);
  list.tasks.forEach((row, index) => {
    const line = visible[index];
    row.title = line?.text ?? "";
    row.state = states[line?.phase ?? "done"];
  });
}

function addRow(list: TaskList): void {
  list.add({ title: "", task: () => undefined });
  void list.tasks.at(-1)!.check(undefined);
}

function stateOfPhase(states: typeof ListrTaskState): Readonly<Record<Phase, ListrTaskState>> {
  return {
    working: states.STARTED,
    done: states.COMPLETED,
    failed: states.FAILED,
    warned: states.SKIPPED,
  };
}
