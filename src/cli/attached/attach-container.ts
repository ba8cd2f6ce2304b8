import { spawnSync } from "node:child_process";
import { constants } from "node:os";
import type { MonitorClient } from "../../runtime/index.ts";
import type { Session } from "../session.ts";
import { DetachKeys } from "./detach-keys.ts";

/** The part of a monitor's client that an attached command uses. */
export type MonitorLink = Pick<
  MonitorClient,
  "attach" | "input" | "closeInput" | "resize" | "signal" | "ended" | "close"
>;

/** Exit code when the monitor was killed, so that nobody knows. */
const UNKNOWN_EXIT_CODE = 137;

/** Signals that go to the program rather than ending the command, unless that is not wanted. */
const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

export type AttachSettings = {
  readonly tty: boolean;
  readonly stdin: boolean;
  /** Keys by which the user leaves a terminal with the container running; none without. */
  readonly detachKeys?: readonly number[];
  /** Signals go to the program; otherwise they end this command. */
  readonly passSignals?: boolean;
};

/** Connects this command's terminal or streams with a container until it ends or is left; returns the exit code. */
export async function attachContainer(
  session: Session,
  monitor: MonitorLink,
  { tty, stdin, detachKeys, passSignals = true }: AttachSettings,
): Promise<number> {
  let leave: (code: number) => void = () => undefined;
  const left = new Promise<number>((resolve) => {
    leave = resolve;
  });
  const undo = [
    onSignals(passSignals ? (signal) => monitor.signal(signal) : (signal) => leave(128 + signal)),
  ];
  if (tty) undo.push(followWindowSize(monitor));
  monitor.attach((stream, bytes) => session[stream].write(bytes), { stdin });
  if (stdin) undo.push(sendInput(monitor, tty, tty ? detachKeys : undefined, () => leave(0)));
  try {
    const ended = monitor.ended.then((exit) => exit?.code ?? UNKNOWN_EXIT_CODE);
    return await Promise.race([ended, left]);
  } finally {
    for (const step of undo) step();
    monitor.close();
  }
}

function sendInput(
  monitor: MonitorLink,
  tty: boolean,
  detachKeys: readonly number[] | undefined,
  leave: () => void,
): () => void {
  const { stdin } = process;
  if (tty) becomeRaw();
  const keys = detachKeys && new DetachKeys(detachKeys);
  const send = (bytes: Buffer) => {
    const { pass, leaves } = keys?.filter(bytes) ?? { pass: bytes, leaves: false };
    if (pass.length > 0) monitor.input(pass);
    if (leaves) leave();
  };
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

/** Hears the signals that would end this command; gives what lets them do so again. */
function onSignals(hear: (signal: number) => void): () => void {
  const handlers = PASSED_ON.map((name) => {
    const handle = () => hear(constants.signals[name]);
    process.on(name, handle);
    return () => process.off(name, handle);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}
