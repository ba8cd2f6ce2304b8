import { readdirSync, readFileSync } from "node:fs";

/** Proportional set sizes in MB of the processes of one root directory: what they would free by ending. */
export function memoryOf(base) {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(describe)
    .filter(Boolean);
  const supervisors = processes.filter(
    ({ command }) => command.includes(base) && command.includes("__supervisor"),
  );
  const monitors = processes.filter(({ name }) => name === "gantry-monitor");
  const helpers = ["gantry-keeper", "gantry-listener", "gantry-launcher"];
  const keepers = processes.filter(({ name }) => helpers.includes(name));
  return {
    supervisor: sum(supervisors) / supervisors.length,
    monitor: sum(monitors) / monitors.length,
    keeper: sum(keepers),
  };
}

const sum = (processes) => processes.reduce((total, { size }) => total + size, 0);

function describe(pid) {
  try {
    const size = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
    return {
      command: readFileSync(`/proc/${pid}/cmdline`, "utf8"),
      name: readFileSync(`/proc/${pid}/comm`, "utf8").trim(),
      size: Number(size?.[1] ?? 0) / 1024,
    };
  } catch {
    return undefined;
  }
}
