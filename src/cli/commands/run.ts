import { attachContainer } from "../attached/attach-container.ts";
import { connectMonitor } from "../attached/connect-monitor.ts";
import { callWithProgress, printPlanned } from "../call.ts";
import { lacksImages, serviceImages } from "../images/service-images.ts";
import { intentOf } from "../load/intent.ts";
import { loadModel } from "../load/load-model.ts";
import { openProjectNamed } from "../load/open-project.ts";
import { readShortSyntax } from "../load/short-syntax.ts";
import { warnOfLimits } from "../privileges.ts";
import { provide } from "../providers/provide.ts";
import type { Session } from "../session.ts";
import { defineVerb } from "../verb.ts";
import { declareRun, type RunOptions, runRequest } from "./run-request.ts";

/** The size of this command's terminal; 0 by 0 where nobody has given it one. */
const consoleSize = () => ({ rows: process.stdout.rows ?? 0, columns: process.stdout.columns ?? 0 });

/** `gantry run` */
export const run = defineVerb<RunOptions>({
  name: "run",
  honoursParallel: true,
  summary: "Run a one-off program in a new container of a service",
  declare: declareRun,
  run: async (plain, [service, ...command], options) => {
    const session = options.quiet ? withoutProgress(plain) : plain;
    const { dryRun } = session.globals;
    const extras = readShortSyntax(options, session.workingDirectory);
    const model = loadModel(session, { services: [service!] });
    warnOfLimits(session);
    using project = openProjectNamed(session, model.project.name);
    const images = await serviceImages(session, model.project, { ...options, dryRun, services: [service!] });
    if (dryRun && lacksImages(model.project, images)) return undefined;
    const needs = { services: [service!], deps: options.deps, dryRun };
    const intent = intentOf(session, await provide(session, model, needs), images);
    const terminal = session.stdinIsTerminal && session.stdout.isTerminal ? consoleSize() : undefined;
    const request = runRequest(intent, service!, command, options, extras, terminal, dryRun);
    const { id, name, plan } = await callWithProgress(session, project, "run", request);
    if (plan) return printPlanned(session, plan);
    if (!request.attach) {
      session.stdout.write(`${name}\n`);
      return undefined;
    }
    try {
      const monitor = await connectMonitor(session.roots, id);
      return await attachContainer(session, monitor, request);
    } finally {
      if (options.rm) await project.call("discard", { id, volumes: true });
    }
  },
});

const withoutProgress = (session: Session): Session => ({
  ...session,
  globals: { ...session.globals, progress: "quiet" },
});
