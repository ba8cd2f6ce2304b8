import { fstatSync, writeSync } from "node:fs";
import { isatty } from "node:tty";

/** One of the two places a command writes to. */
export type Output = {
  readonly write: (text: string | Uint8Array) => unknown;
  readonly isTerminal: boolean;
};

/** Raised when nobody reads what we write any more (`gantry logs | head`): the command ends without a word. */
export class ClosedPipe extends Error {}

/** Exit code of a program killed by SIGPIPE, as shells report it. */
export const CLOSED_PIPE_EXIT_CODE = 141;

/**
 * Writes straight to a file descriptor. process.stdout would load the network and stream modules, a tenth of a short
 * command's time, and loses output at process.exit() when it is a slow pipe.
 */
export function openOutput(descriptor: number): Output {
  return {
    write: (text) => writeAll(descriptor, typeof text === "string" ? Buffer.from(text) : text),
    isTerminal: isTerminal(descriptor),
  };
}

/** Whether the descriptor is a terminal; asks the kernel only when it may be one. */
export function isTerminal(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice() && isatty(descriptor);
  } catch {
    return false;
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // EIO: the terminal has gone.
      if (code === "EPIPE" || code === "EIO") throw new ClosedPipe();
      // Somebody made the pipe non-blocking and it is full: the reader needs a moment.
      if (code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      else if (code !== "EINTR") throw error;
    }
  }
}
