import { closeSync, openSync } from "node:fs";
import { connect, type Server, type Socket } from "node:net";
import { basename, dirname } from "node:path";

/**
 * The kernel limits a unix socket's address to 107 bytes, and libuv truncates longer ones silently. Going through
 * a descriptor of the directory makes every path short.
 */
function withShortPath<T>(path: string, use: (shortPath: string) => T): T {
  const directory = openSync(dirname(path), "r");
  try {
    return use(`/proc/self/fd/${directory}/${basename(path)}`);
  } finally {
    closeSync(directory);
  }
}

/** Connects to the unix socket at `path`, however long the path; resolves once connected. */
export function connectUnix(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = withShortPath(path, (short) => connect(short));
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(socket);
    });
    socket.once("error", reject);
  });
}

/** Listens on the unix socket at `path`, however long the path; resolves once listening. */
export function listenUnix(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    withShortPath(path, (short) =>
      server.listen({ path: short, exclusive: true }, () => {
        server.off("error", reject);
        resolve();
      }),
    );
  });
}
