import { readFileSync } from "node:fs";

/** Bytes through a container's network, in both directions. */
export type NetworkTraffic = { readonly received: number; readonly sent: number };

/** What has gone through all interfaces but loopback in the network namespace of a process; undefined when it is gone. */
export function networkTraffic(pid: number): NetworkTraffic | undefined {
  try {
    return sumOfInterfaces(readFileSync(`/proc/${pid}/net/dev`, "latin1"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH" || code === "EINVAL") return undefined;
    throw error;
  }
}

/** Two lines of heading, then "eth0: " with eight numbers received, eight sent (proc_pid_net(5)). */
export function sumOfInterfaces(text: string): NetworkTraffic {
  const interfaces = text
    .split("\n")
    .slice(2)
    .map((line) => line.trim().split(/[:\s]+/))
    .filter(([name = ""]) => name !== "" && name !== "lo");
  const sum = (column: number) => interfaces.reduce((total, line) => total + Number(line[column]), 0);
  return { received: sum(1), sent: sum(9) };
}
