import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { GantryError } from "../../lib/diagnostic.ts";
import { collect, environmentOf, wholeNumber } from "../option-values.ts";
import { readinessSuite } from "../readiness/readiness-suite.ts";
import { type JunitCase, junitReport } from "../render/junit.ts";
import type { Session } from "../session.ts";
import { saveArtifacts } from "../testing/artifacts.ts";
import { type TestOptions, type TestResult, TestRun } from "../testing/test-run.ts";
import { defineVerb } from "../verb.ts";
import { PULL_POLICIES } from "./up-request.ts";

const DEFAULT_DIRECTORY = "gantry-test-results";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** `gantry test` */
export const test = defineVerb<TestOptions>({
  name: "test",
  honoursParallel: true,
  summary: "Run a service in an environment of its own, exit as it does, remove everything",
  refusesDryRun: true,
  declare: (command) => declareTest(command),
  run: async (session, [service, ...command], options) => {
    const run = new TestRun(session, service!, command, options);
    const started = Date.now();
    const handlers = SIGNALS.map((name) => [name, () => run.cancel(name)] as const);
    for (const [name, handle] of handlers) process.on(name, handle);
    const result = await run.perform();
    try {
      report(session, run, result, options, started);
    } finally {
      await run.remove();
      for (const [name, handle] of handlers) process.off(name, handle);
    }
    if (run.cancelledBy !== undefined) return run.cancelledBy;
    if (result.error !== undefined) throw result.error;
    return result.exitCode;
  },
});

function declareTest(command: Command): Command {
  return command
    .argument("<service>")
    .argument("[command...]", "Instead of the service's own")
    .passThroughOptions()
    .option("--with <service>", "Bring up this service too; may be repeated", collect)
    .option(
      "-e, --env <key=value>",
      "Set an environment variable of the test; may be repeated",
      environmentOf,
    )
    .option("--build", "Build images first")
    .addOption(
      new Option("--pull <policy>", "When to pull images, over what the file says").choices(PULL_POLICIES),
    )
    .option("--wait-timeout <seconds>", "How long what it depends on may take to be ready", wholeNumber)
    .option("--artifacts <directory>", `Where logs, events and timeline are saved (${DEFAULT_DIRECTORY})`)
    .option("--no-artifacts", "Save nothing")
    .option("--junit <file>", "Write JUnit XML there (junit.xml among the artifacts)");
}

function report(
  session: Session,
  run: TestRun,
  result: TestResult,
  options: TestOptions,
  started: number,
): void {
  const wanted =
    options.artifacts === true || options.artifacts === undefined ? DEFAULT_DIRECTORY : options.artifacts;
  const directory = wanted === false ? undefined : resolve(session.workingDirectory, wanted);
  if (directory !== undefined) saveArtifacts(session, run.projectName, directory);
  const file = options.junit ?? (directory && join(directory, "junit.xml"));
  if (file === undefined) return;
  const path = resolve(session.workingDirectory, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, junitReport(suiteOf(run, result, started)));
}

/** A case for each container that was to get ready, and one for the test. */
function suiteOf(run: TestRun, { events, error, exitCode }: TestResult, started: number) {
  const failure =
    error === undefined || error instanceof GantryError ? error : new GantryError("internal", String(error));
  const project = { name: run.projectName };
  const shortName = (name: string) => name.replace(`${run.projectName}-`, "");
  const suite = readinessSuite({ request: { project }, started, ended: Date.now(), events, error: failure });
  const last = suite.cases.at(-1)!;
  const test: JunitCase = {
    ...last,
    name: "test",
    ...(exitCode
      ? { failure: { code: "test-failed", message: `it exited with code ${exitCode}`, details: [] } }
      : {}),
    ...(run.cancelledBy !== undefined && {
      failure: { code: "interrupted", message: "the test was cancelled", details: [] },
    }),
  };
  // Without the project's name, which is another in every run: CI systems follow a case by its name.
  const others = suite.cases.slice(0, -1).map((one) => ({ ...one, name: shortName(one.name) }));
  return { ...suite, name: run.service, cases: [...others, test] };
}
