import { spawnSync } from "node:child_process";
import { constants } from "node:os";
import type { MonitorClient } from "../../runtime/index.ts";
import type { Session } from "../session.ts";

/** The part of a monitor's client that an attached command uses. */
export type MonitorLink = Pick<
  MonitorClient,
  "attach" | "input" | "closeInput" | "resize" | "signal" | "ended" | "close"
>;

/** Exit code when the monitor was killed, so that nobody knows. */
const UNKNOWN_EXIT_CODE = 137;

/** Signals that are passed on to the program rather than ending the command. */
const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/** Connects this command's terminal or streams with a container until it ends; returns its exit code. */
export async function attachContainer(
  session: Session,
  monitor: MonitorLink,
  { tty, stdin }: { readonly tty: boolean; readonly stdin: boolean },
): Promise<number> {
  const undo = [passSignalsOn(monitor)];
  if (tty) undo.push(followWindowSize(monitor));
  monitor.attach((stream, bytes) => session[stream].write(bytes), { stdin });
  if (stdin) undo.push(sendInput(monitor, tty));
  try {
    return (await monitor.ended)?.code ?? UNKNOWN_EXIT_CODE;
  } finally {
    for (const step of undo) step();
    monitor.close();
  }
}

function sendInput(monitor: MonitorLink, tty: boolean): () => void {
  const { stdin } = process;
  if (tty) becomeRaw();
  const send = (bytes: Buffer) => monitor.input(bytes);
  const finish = () => monitor.closeInput();
  stdin.on("data", send);
  stdin.on("end", finish);
  return () => {
    if (tty) stdin.setRawMode(false);
    stdin.off("data", send);
    stdin.off("end", finish);
    // An open standard input would keep the command from ending.
    stdin.destroy();
  };
}

/** As cfmakeraw(3): Node's own raw mode goes on turning every line feed into two characters, as the other end does. */
function becomeRaw(): void {
  process.stdin.setRawMode(true);
  spawnSync("stty", ["-opost"], { stdio: ["inherit", "ignore", "ignore"] });
}

function followWindowSize(monitor: MonitorLink): () => void {
  // A terminal nobody has given a size says 0: the program's keeps its own.
  const tell = () => {
    const { rows, columns } = process.stdout;
    if (rows > 0 && columns > 0) monitor.resize(rows, columns);
  };
  tell();
  process.stdout.on("resize", tell);
  return () => process.stdout.off("resize", tell);
}

function passSignalsOn(monitor: MonitorLink): () => void {
  const handlers = PASSED_ON.map((name) => {
    const pass = () => monitor.signal(constants.signals[name]);
    process.on(name, pass);
    return () => process.off(name, pass);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}
