import { uptime } from "node:os";
import { type ContainerProcess, containerProcesses } from "../../runtime/index.ts";
import { containersOf } from "../containers/select.ts";
import { renderTable } from "../render/table.ts";
import { defineVerb } from "../verb.ts";

const HEADING = ["SERVICE", "#", "UID", "PID", "PPID", "STIME", "TTY", "TIME", "CMD"];
/** USER_HZ: the kernel counts in hundredths of a second for programs, on every architecture we know. */
const TICKS = 100;

/** `gantry top` */
export const top = defineVerb({
  name: "top",
  summary: "Show the processes of containers",
  declare: (command) => command.argument("[services...]"),
  run: (session, services) => {
    const bootTime = Date.now() - uptime() * 1000;
    const rows = containersOf(session, services).flatMap(({ record }) =>
      containerProcesses(session.roots, record.id).map((one) => [
        record.service,
        String(record.number),
        ...processRow(one, bootTime),
      ]),
    );
    session.stdout.write(renderTable(HEADING, rows));
    return undefined;
  },
});

/** The columns of one process, as `ps -ef` has them. */
export function processRow(one: ContainerProcess, bootTime: number): string[] {
  const started = new Date(bootTime + (one.startTime * 1000) / TICKS);
  const seconds = Math.floor(one.cpuTime / TICKS);
  return [
    String(one.uid),
    String(one.pid),
    String(one.parent),
    started.toTimeString().slice(0, 5),
    one.terminal === 0 ? "?" : `pts/${one.terminal & 0xff}`,
    new Date(seconds * 1000).toISOString().slice(11, 19),
    one.command,
  ];
}
