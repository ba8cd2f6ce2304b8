import { resolve } from "node:path";
import { forgetEarlierBoot } from "../lib/boot.ts";
import { monotonicNow } from "../lib/monotonic.ts";
import { type Roots, resolveRoots } from "../lib/paths.ts";
import { rootlessUser } from "../lib/user-namespace.ts";
import type { GlobalOptions } from "./global-options.ts";
import { choosePaint, type Paint } from "./render/paint.ts";
import { openProgress, type ProgressView } from "./render/progress.ts";
import { formatBeside, type ReportLooks } from "./render/report-format.ts";
import { isTerminal, type Output, openOutput } from "./streams/output.ts";

/** What a command knows of where it runs and how it talks to its user. Read once, from main. */
export type Session = {
  /** When the command began, monotonic milliseconds. */
  readonly began: number;
  readonly globals: GlobalOptions;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Of the user, outside of any user namespace. */
  readonly uid: number;
  /** Root of the host, an ordinary user as root of a user namespace, or an ordinary user who could not become that. */
  readonly privileges: "root" | "rootless" | "none";
  readonly roots: Roots;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdinIsTerminal: boolean;
  /** Colours for standard output and standard error. */
  readonly paint: Paint;
  readonly paintError: Paint;
  /** The argv that starts gantry again, now or after an upgrade: the launcher, since a snapshot goes with its bundle. */
  readonly selfCommand: readonly string[];
};

/** The session of this process. */
export function openSession(globals: GlobalOptions): Session {
  const environment = process.env;
  const effective = process.geteuid?.() ?? 0;
  const rootless = rootlessUser(environment);
  const uid = rootless ?? effective;
  // Absolute, because the supervisor runs elsewhere.
  const roots = resolveRoots(environment, uid, globals.root && resolve(globals.root));
  forgetEarlierBoot(roots);
  const stdout = openOutput(1);
  const stderr = openOutput(2);
  return {
    began: monotonicNow(),
    globals,
    environment,
    workingDirectory: process.cwd(),
    uid,
    privileges: rootless !== undefined ? "rootless" : effective === 0 ? "root" : "none",
    roots,
    stdout,
    stderr,
    stdinIsTerminal: isTerminal(0),
    paint: choosePaint(globals.ansi, stdout.isTerminal, environment),
    paintError: choosePaint(globals.ansi, stderr.isTerminal, environment),
    selfCommand: [resolve(process.argv[1]!, "../../bin/gantry")],
  };
}

/** The progress view this session's options ask for. */
export const progressOf = (session: Session): ProgressView =>
  openProgress(session.globals.progress, session.stderr, session.globals.ansi, session.paintError);

/** How errors and warnings are to be written. */
export const reportLooksOf = ({ globals, paintError, workingDirectory }: Session): ReportLooks => ({
  format: formatBeside(globals.progress, globals.diagnostics),
  paint: paintError,
  workingDirectory,
});
