import { randomBytes } from "node:crypto";
import { constants } from "node:os";
import { GantryError } from "../../lib/diagnostic.ts";
import { ownIdentity } from "../../lib/process-identity.ts";
import type { BindingRequest, OpenProject, ProgressEvent, RunParams } from "../../supervisor/index.ts";
import { callWithProgress } from "../call.ts";
import { runRequest } from "../commands/run-request.ts";
import { type UpOptions, upRequest } from "../commands/up-request.ts";
import { INTERRUPTED_EXIT_CODE } from "../exit-codes.ts";
import { serviceImages } from "../images/service-images.ts";
import { intentOf } from "../load/intent.ts";
import { loadModel } from "../load/load-model.ts";
import { openProjectNamed } from "../load/open-project.ts";
import { withFreePorts, withOwnNames } from "../load/own-names.ts";
import { placingFailures } from "../load/placing-failures.ts";
import type { Session } from "../session.ts";
import { RunningTest } from "./running-test.ts";

/** Options of `test`, as commander gives them. */
export type TestOptions = {
  readonly with?: readonly string[];
  readonly env?: Readonly<Record<string, string | null>>;
  readonly build?: boolean;
  readonly pull?: string;
  readonly waitTimeout?: number;
  readonly artifacts?: string | boolean;
  readonly junit?: string;
};

/** What came of a test. */
export type TestResult = {
  /** Absent when it did not come so far. */
  readonly exitCode?: number;
  readonly events: readonly ProgressEvent[];
  readonly error?: unknown;
};

type Prepared = {
  readonly project: OpenProject;
  readonly params: RunParams;
  readonly listen: (event: ProgressEvent) => void;
};

/**
 * One test in an environment of its own, beside any other: what the service depends on comes up and gets ready, the
 * service runs, and everything is removed, whatever happened.
 */
export class TestRun {
  readonly session: Session;
  readonly service: string;
  readonly #command: readonly string[];
  readonly #options: TestOptions;
  #project: OpenProject | undefined;
  #test: RunningTest | undefined;
  #signal: "SIGINT" | "SIGTERM" | "SIGHUP" | undefined;

  constructor(session: Session, service: string, command: readonly string[], options: TestOptions) {
    const name = `${loadModel(session, { services: [service] }).project.name}-test-${randomBytes(4).toString("hex")}`;
    this.session = { ...session, globals: { ...session.globals, projectName: name } };
    this.service = service;
    this.#command = command;
    this.#options = options;
  }

  get projectName(): string {
    return this.session.globals.projectName!;
  }

  /** The exit code by which a shell says that a signal ended the command; undefined when none did. */
  get cancelledBy(): number | undefined {
    if (this.#signal === undefined) return undefined;
    return this.#signal === "SIGINT" ? INTERRUPTED_EXIT_CODE : 128 + constants.signals[this.#signal];
  }

  /** Runs the test; nothing is thrown, so that what it leaves behind can be saved. */
  async perform(): Promise<TestResult> {
    const events: ProgressEvent[] = [];
    try {
      const exitCode = await this.#run((event) => events.push(event));
      return { exitCode, events };
    } catch (error) {
      return { events, error };
    }
  }

  /** Stops everything in order; the test, or what it waits for, ends by that. */
  cancel(signal: "SIGINT" | "SIGTERM" | "SIGHUP"): void {
    const isFirst = this.#signal === undefined;
    this.#signal ??= signal;
    if (isFirst) this.#stop();
    else void this.#test?.kill();
  }

  /** Breaks off what is coming up, stops what is up, and the test with it. */
  #stop(): void {
    // What fails here fails again, and is told, when everything is removed.
    this.#project?.call("stop", { services: [] }).catch(() => undefined);
    void this.#test?.stop();
  }

  /** Removes everything, its volumes too. */
  async remove(): Promise<void> {
    const params = { services: [], volumes: true, removeOrphans: true, timeout: 0, dryRun: false };
    using project = openProjectNamed(this.session, this.projectName);
    await project.call("down", params);
  }

  async #run(listen: (event: ProgressEvent) => void): Promise<number> {
    const { session } = this;
    const services = [this.service, ...(this.#options.with ?? [])];
    const model = loadModel(session, { services, silent: true });
    const images = await serviceImages(session, model.project, { ...imageOptions(this.#options), services });
    this.#requireGoingOn();
    const loaded = intentOf(session, model, images);
    const intent = { ...loaded, project: withFreePorts(withOwnNames(loaded.project)) };
    using project = openProjectNamed(session, this.projectName);
    this.#project = project;
    const binding: BindingRequest = { owner: ownIdentity(), volumes: true };
    const params = {
      ...runRequest(intent, this.service, this.#command, runOptions(this.#options), NO_EXTRAS, undefined),
      binding,
    };
    return placingFailures(model, async () => {
      const prepared = { project, params, listen };
      await this.#makeReady(prepared);
      return this.#runTest(prepared);
    });
  }

  /** Brings up what the service depends on, and what is to run beside it, until it is ready. */
  async #makeReady({ project, params, listen }: Prepared): Promise<void> {
    const { services } = params.project;
    const dependencies = Object.keys(services[this.service]?.depends_on ?? {});
    const wanted = [...dependencies, ...(this.#options.with ?? [])].filter((name) => services[name]);
    if (wanted.length === 0) return;
    const request = upRequest(
      params,
      wanted,
      { ...READY, waitTimeout: this.#options.waitTimeout ?? 0 },
      false,
    );
    const client = { began: this.session.began, spans: [] };
    const up = { ...request, binding: params.binding, client };
    await callWithProgress(this.session, project, "up", up, listen);
    this.#requireGoingOn();
  }

  async #runTest({ project, params, listen }: Prepared): Promise<number> {
    const { id } = await callWithProgress(this.session, project, "run", params, listen);
    const test = new RunningTest(this.session, id);
    this.#test = test;
    if (this.#signal !== undefined) this.#stop();
    return test.end();
  }

  #requireGoingOn(): void {
    if (this.#signal === undefined) return;
    throw new GantryError("interrupted", "the test was cancelled", { exitCode: INTERRUPTED_EXIT_CODE });
  }
}

const NO_EXTRAS = { entrypoint: null };

/** Of `up`: in the background, until everything is ready. */
const READY: UpOptions = {
  wait: true,
  recreate: true,
  deps: true,
  start: true,
  logPrefix: true,
  color: true,
};

const imageOptions = ({ build, pull }: TestOptions) => ({
  ...(build !== undefined && { build }),
  ...(pull !== undefined && { pull: pull as "always" }),
});

const runOptions = ({ env }: TestOptions) => ({
  deps: true,
  interactive: "false",
  tty: false,
  TTY: false,
  ...(env && { env }),
});
