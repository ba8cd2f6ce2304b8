import { existsSync, readFileSync, watch } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { projectRunDirectory, type Roots } from "../../lib/paths.ts";
import { connectUnix } from "../../lib/unix-socket.ts";

const PATIENCE = 10_000;
const LOG_LINES = 10;

/**
 * A connection to the supervisor as soon as it listens; undefined when its keeper has gone, so that there is nothing to
 * wait for. Events only: the control socket gets its name when it listens, and the keeper's end closes a connection.
 */
export async function awaitSupervisor(roots: Roots, name: string): Promise<Socket | undefined> {
  const directory = projectRunDirectory(roots, name);
  const keeper = await connectUnix(join(directory, "keeper.sock")).catch(ignore);
  if (!keeper) return undefined;
  const control = join(directory, "control.sock");
  return new Promise((resolve, reject) => {
    let isSettled = false;
    const settle = (done: () => void) => {
      isSettled = true;
      clearTimeout(timer);
      watcher.close();
      keeper.destroy();
      done();
    };
    const tryControl = () => {
      if (!existsSync(control)) return;
      connectUnix(control).then((socket) => {
        // Several events may have led to several connections: one is wanted.
        if (isSettled) socket.destroy();
        else settle(() => resolve(socket));
      }, ignore);
    };
    const timer = setTimeout(() => settle(() => reject(neverListened(name, directory))), PATIENCE);
    const watcher = watch(directory, tryControl);
    watcher.on("error", ignore);
    keeper.on("error", ignore);
    keeper.once("close", () => settle(() => resolve(undefined)));
    tryControl();
  });
}

const ignore = () => undefined;

function neverListened(name: string, directory: string): GantryError {
  const log = join(directory, "supervisor.log");
  const lines = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n").slice(-LOG_LINES) : [];
  return new GantryError("supervisor-start", `the supervisor of project ${name} did not start`, {
    hint: `its log: ${log}`,
    details: lines,
  });
}
