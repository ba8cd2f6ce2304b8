import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { readIfPresent } from "../../lib/status-file.ts";
import type { OpenProject } from "../../supervisor/index.ts";
import { type WatchRule, WatchSession, watchRules } from "../../watch/index.ts";
import { isProgress } from "../call.ts";
import { type LoadedModel, loadModel } from "../load/load-model.ts";
import type { Session } from "../session.ts";
import { tell, tellFailure } from "../tell.ts";
import { InputWatcher } from "./input-watcher.ts";
import { watchStreamEvent, watchText } from "./print-watch.ts";
import { watchDoor } from "./watch-door.ts";

export type WatchingRequest = {
  readonly session: Session;
  readonly project: OpenProject;
  readonly model: LoadedModel;
  /** Empty: all that have rules. */
  readonly services: readonly string[];
  readonly quiet: boolean;
  /** Brings the model up. */
  readonly apply: (model: LoadedModel) => Promise<void>;
  /** Builds one service of the model and replaces its containers. */
  readonly rebuild: (model: LoadedModel, service: string, signal: AbortSignal) => Promise<void>;
};

/**
 * Follows the watch rules of a project, and the files it was made from: when one of these changes, the model is loaded
 * again, brought up, and watched from then on; one that does not load is shown, and what runs stays as it is.
 */
export class Watching {
  readonly #request: WatchingRequest;
  readonly #inputs: InputWatcher;
  #model: LoadedModel;
  #watch: WatchSession;
  #reloading: Promise<void> = Promise.resolve();

  constructor(request: WatchingRequest) {
    this.#request = request;
    this.#model = request.model;
    const rules = requireRules(request.model, request.services);
    this.#watch = this.#begin(rules);
    this.#inputs = new InputWatcher(() => {
      this.#reloading = this.#reloading.then(() => this.#reload());
    });
    this.#inputs.follow(inputsOf(request.model));
    this.#listen();
  }

  async close(): Promise<void> {
    await this.#inputs.close();
    await this.#watch.close();
  }

  #begin(rules: readonly WatchRule[]): WatchSession {
    const { session, project, rebuild, quiet } = this.#request;
    const door = watchDoor(session, project, this.#model.project.name, (service, signal) =>
      rebuild(this.#model, service, signal),
    );
    return new WatchSession(door, rules, (event) => {
      if (!quiet || event.type === "problem") {
        const text = watchText(event, session.paintError, session.workingDirectory);
        tell(session, watchStreamEvent(event), text);
      }
    });
  }

  /** Containers that start, or start again, are brought up to date. */
  #listen(): void {
    const { project } = this.#request;
    project
      .call("subscribe", {}, (event) => {
        if (!isProgress(event) && event.action === "start") this.#watch.containersChanged();
      })
      .catch(() => undefined);
  }

  async #reload(): Promise<void> {
    const { session, services, apply } = this.#request;
    try {
      const model = loadModel(session, { services, silent: true });
      const rules = requireRules(model, services);
      this.#inputs.follow(inputsOf(model));
      const isSame = JSON.stringify(model.project) === JSON.stringify(this.#model.project);
      await this.#watch.close();
      this.#model = model;
      // A .dockerignore changes only what is watched.
      if (!isSame) await apply(model);
      this.#watch = this.#begin(rules);
    } catch (error) {
      tellFailure(session, error);
    }
  }
}

/** The rules of the services; having none at all is a mistake. */
export function requireRules({ project }: LoadedModel, services: readonly string[]): WatchRule[] {
  const rules = watchRules(project, services, readIfPresent);
  if (rules.length > 0) return rules;
  const whose = services.length === 0 ? "no service has" : `${services.join(", ")}: there are no`;
  throw new GantryError("nothing-to-watch", `${whose} rules to watch by`, {
    hint: "Add develop.watch to a service: path, action and, to synchronise, target.",
  });
}

/** What the model depends on besides the watched trees themselves. */
function inputsOf({ filesRead, project }: LoadedModel): string[] {
  const ignoreFiles = Object.values(project.services).flatMap(({ build }) =>
    build?.context?.startsWith("/") ? [join(build.context, ".dockerignore")] : [],
  );
  return [...filesRead, ...ignoreFiles];
}
