import { spawnSync } from "node:child_process";
import { measure } from "./measure.mjs";

const MEGABYTES = 512;
const PORT = 28_399;

/** MB/s of a stream out of a container: through a published port, and to a container beside it. */
export function portThroughput(contestant, runs) {
  const source = `nc -ll -p 9000 -e dd if=/dev/zero bs=1M count=${MEGABYTES}`;
  const project = contestant.projectOf(
    "stream",
    `services:
  source: { image: ${contestant.image}, command: [sh, -c, "${source}"], ports: ["127.0.0.1:${PORT}:9000"] }
  sink: { image: ${contestant.image}, command: [sleep, "100000"] }
`,
  );
  project.run("up", "-d");
  const speeds = (work) => Array.from({ length: runs }, () => (MEGABYTES * 1000) / measure(work));
  const published = speeds(() => shell(`/bin/busybox nc 127.0.0.1 ${PORT} </dev/null | wc -c`));
  const between = speeds(() =>
    project.run("exec", "-T", "sink", "sh", "-c", "nc source 9000 </dev/null >/dev/null"),
  );
  project.run("down", "-t", "0");
  return { published, between };
}

function shell(command) {
  const { stdout } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  if (Number(stdout) < MEGABYTES * 1024 * 1024) throw new Error(`only ${stdout.trim()} bytes came through`);
}
