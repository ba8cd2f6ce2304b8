import { renderProject } from "../../compose/index.ts";
import { type ObservedContainer, projectContainers } from "../../project/index.ts";
import { rehearseExec } from "../../runtime/index.ts";
import { psJson } from "../containers/ps-json.ts";
import { psTable } from "../containers/ps-table.ts";
import { buildProgram } from "../program.ts";
import { sampleProject } from "./sample-project.ts";

/**
 * Runs, while the start-up snapshot is made, what is going to run in the commands that start from it. V8 compiles a
 * function when it is first called and keeps the result in the snapshot; otherwise each command would compile the loader
 * anew, a third of its time. Nothing of the machine is read.
 */
export function warmUpCommand(): void {
  understandSamples();
  const project = sampleProject();
  renderProject(project, "yaml");
  renderProject(project, "json");
  psTable([SAMPLE_CONTAINER], 0, true);
  psJson(SAMPLE_CONTAINER, 0);
  projectContainers({ data: "/nonexistent", run: "/nonexistent" }, "warm-up");
  rehearseExec();
}

/** A program that does nothing understands command lines: half of what starting a command compiles is commander. */
function understandSamples(): void {
  for (const line of SAMPLE_LINES) {
    const program = buildProgram(
      async () => undefined,
      () => undefined,
    );
    // A rejection fails the making of the snapshot; bin/gantry then does without.
    void program.parseAsync(line.split(" "), { from: "user" });
  }
}

const SAMPLE_LINES = ["-f compose.yaml -p shop up -d --scale web=2", "exec -T -e A=1 web true", "ps -a"];

const SAMPLE_CONTAINER: ObservedContainer = {
  status: "running",
  state: { version: 1, desired: "running", restartCount: 0 },
  record: {
    version: 1,
    id: "0",
    name: "warm-up-web-1",
    project: "warm-up",
    service: "web",
    number: 1,
    oneOff: false,
    created: 0,
    image: { id: "sha256:0", reference: "nginx", layerDirectories: [] },
    labels: { a: "b" },
    configHash: "0",
    command: ["nginx"],
    restart: { name: "no", maximumRetryCount: 0 },
    stopSignal: 15,
    stopGracePeriod: 10_000,
    tty: false,
    stdinOpen: false,
    networks: [],
    ports: [{ hostIp: "0.0.0.0", hostPort: 80, containerPort: 80, protocol: "tcp" }],
    mounts: [{ type: "volume", source: "data", target: "/data", readOnly: false }],
    logging: { driver: "json-file", maxSize: 0, maxFiles: 1 },
  },
};
