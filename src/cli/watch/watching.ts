import { relative } from "node:path";
import type { OpenProject } from "../../supervisor/index.ts";
import { type Bases, type WatchEvent, type WatchRule, WatchSession } from "../../watch/index.ts";
import { type LoadedModel, loadModel } from "../load/load-model.ts";
import { planReport } from "../plan/plan-report.ts";
import { planText, wouldChange } from "../plan/render-plan.ts";
import type { Session } from "../session.ts";
import { remark, tell, tellFailure } from "../tell.ts";
import { InputWatcher } from "./input-watcher.ts";
import { watchStreamEvent, watchText } from "./print-watch.ts";
import { untilDown } from "./until-down.ts";
import { UP_OPTIONS } from "./up-options.ts";
import { watchDoor } from "./watch-door.ts";
import { buildFiles, builtAnew, requireRules } from "./watch-inputs.ts";

export type WatchingRequest = {
  readonly session: Session;
  readonly project: OpenProject;
  readonly model: LoadedModel;
  /** Empty: all that have rules. */
  readonly services: readonly string[];
  readonly quiet: boolean;
  /** Show what would be done, do nothing. */
  readonly dryRun: boolean;
  /** Whether it is the watch of an attached `up`. */
  readonly isBesideOutput: boolean;
  /** Brings the model up, with new images for these services. */
  readonly apply: (model: LoadedModel, built: readonly string[]) => Promise<void>;
  /** Builds one service of the model and replaces its containers. */
  readonly rebuild: (model: LoadedModel, service: string, signal: AbortSignal) => Promise<void>;
};

/**
 * Follows the watch rules of a project, and the files it was made from: when one of these changes, the model is loaded
 * again, brought up, and watched from then on; one that does not load is shown, and what runs stays as it is. From the
 * moment it is made it knows what the host has, so that nothing saved between that and `begin` is missed.
 */
export class Watching {
  readonly #request: WatchingRequest;
  readonly #inputs: InputWatcher;
  #model: LoadedModel;
  #watch: WatchSession;
  #reloading: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(request: WatchingRequest) {
    this.#request = request;
    this.#model = request.model;
    this.#watch = this.#sessionFor(requireRules(request.model, request.services));
    this.#inputs = new InputWatcher((paths) => {
      this.#reloading = this.#reloading.then(() => this.#reload(paths));
    });
    this.#followInputs(request.model);
  }

  /** Begins to act; resolves when the project is down, and there is nothing to watch any more. */
  async begin(): Promise<void> {
    this.#watch.begin();
    const { session, project } = this.#request;
    await untilDown(session.roots, project, this.#model.project.name, () => this.#watch.containersChanged());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#inputs.close();
    await this.#watch.close();
  }

  #sessionFor(rules: readonly WatchRule[], bases?: Bases): WatchSession {
    const { session, project, rebuild, dryRun } = this.#request;
    const door = watchDoor(session, project, this.#model.project, (service, signal) =>
      rebuild(this.#model, service, signal),
    );
    return new WatchSession({ ...door, isRehearsal: dryRun }, rules, (event) => this.#tell(event), bases);
  }

  #tell(event: WatchEvent): void {
    const { session, quiet, dryRun, isBesideOutput } = this.#request;
    if (quiet && event.type !== "problem" && event.type !== "notice") return;
    const { paintError: paint, workingDirectory } = session;
    const looks = { paint, workingDirectory, dryRun, isBesideOutput };
    tell(session, watchStreamEvent(event), watchText(event, looks));
  }

  #followInputs(model: LoadedModel): void {
    this.#inputs.follow([...model.filesRead, ...buildFiles(model, this.#request.services).keys()]);
  }

  async #reload(paths: readonly string[]): Promise<void> {
    if (this.#isClosed) return;
    const { session, services } = this.#request;
    const before = this.#model;
    try {
      const model = loadModel(session, { services, silent: true });
      const rules = requireRules(model, services);
      this.#followInputs(model);
      const files = buildFiles(model, services);
      if (JSON.stringify(model.project) !== JSON.stringify(before.project)) await this.#change(model, rules);
      else if (paths.some((path) => path.endsWith(".dockerignore"))) await this.#follow(rules);
      for (const path of paths) {
        for (const service of files.get(path) ?? []) {
          this.#watch.rebuild(service, [relative(session.workingDirectory, path)]);
        }
      }
    } catch (error) {
      tellFailure(session, error);
      remark(session, "What runs stays as it is.");
    }
  }

  /** Shows what the change amounts to, and does it. When it cannot be done, what was followed is followed on. */
  async #change(model: LoadedModel, rules: readonly WatchRule[]): Promise<void> {
    const { session, project, services, apply, dryRun, quiet } = this.#request;
    const before = this.#model;
    const report = await planReport(session, project, model, services, { ...UP_OPTIONS, pull: "missing" });
    if (wouldChange(report) && !quiet)
      remark(session, planText(report, { ...session, paint: session.paintError }).trimEnd());
    this.#model = model;
    const bases = await this.#end();
    this.#watch = this.#sessionFor(rules, bases);
    try {
      if (!dryRun) await apply(model, builtAnew(before, model, services));
    } catch (error) {
      this.#model = before;
      await this.#watch.close();
      this.#watch = this.#sessionFor(requireRules(before, services), bases);
      throw error;
    } finally {
      if (!this.#isClosed) this.#watch.begin();
    }
  }

  /** The same model by other rules. */
  async #follow(rules: readonly WatchRule[]): Promise<void> {
    const bases = await this.#end();
    this.#watch = this.#sessionFor(rules, bases);
    if (!this.#isClosed) this.#watch.begin();
  }

  async #end(): Promise<Bases> {
    await this.#watch.close();
    return this.#watch.bases;
  }
}
