import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const BUSY = 5;
const LONGEST_PAUSE = 50;

/**
 * Runs `work` while no other process (or other work of this one) holds the lock at `path`. The kernel drops the lock
 * when its holder dies, which no lock file with a pid in it can promise; Node reaches such locks through SQLite only.
 * `signal` breaks off the waiting.
 */
export async function withProcessLock<T>(
  path: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const connection = openLock(path);
  try {
    for (let pause = 2; !tryLock(connection); pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      await delay(pause, undefined, signal ? { signal } : {});
    }
    return await work();
  } finally {
    connection.close();
  }
}

/** The lock at `path`, if nobody holds it now; it is let go of by disposing. */
export function tryProcessLock(path: string): Disposable | undefined {
  const connection = openLock(path);
  if (tryLock(connection)) return { [Symbol.dispose]: () => connection.close() };
  connection.close();
  return undefined;
}

function openLock(path: string) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return new (process.getBuiltinModule("node:sqlite").DatabaseSync)(path, { timeout: 0 });
}

function tryLock(connection: { exec(sql: string): void }): boolean {
  try {
    connection.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === BUSY) return false;
    throw error;
  }
}
