import { commitLayer, type StoredLayer } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { UsedStep } from "../cache/local-cache.ts";
import { stepKey } from "../cache/step-cache.ts";
import type { BuildRequest } from "../contract.ts";
import type { Instruction, Stage } from "../dockerfile/instruction.ts";
import type { SourceTree } from "../tree/source-tree.ts";
import type { Engine } from "./engine.ts";
import type { ImageDraft } from "./image-draft.ts";
import type { Step } from "./progress.ts";
import type { Variables } from "./variables.ts";

/** What a stage needs of the build it is part of. */
export type StageSurroundings = {
  readonly engine: Engine;
  readonly request: BuildRequest;
  /** Lends the files of a stage, an image or a named context; without a name, the build context. */
  readonly withSource: <Result>(
    name: string | undefined,
    at: Pick<Instruction, "place">,
    use: (tree: SourceTree) => Promise<Result>,
  ) => Promise<Result>;
  /**
   * Layers of a stage, an image or a named context of that kind; undefined for a directory of the host. Without a
   * name, of the build context.
   */
  readonly layersOf: (
    name: string | undefined,
    at: Pick<Instruction, "place">,
  ) => Promise<readonly StoredLayer[] | undefined>;
  /** Arguments declared before the first FROM, and those that say the platform. */
  readonly globalArgument: (name: string) => string | undefined;
  /** "RUN make" → "[builder 2/4] RUN make" */
  readonly title: (stage: Stage, text: string) => string;
  /** A step was made or found: what an export of the cache has. */
  readonly used: (key: string, step: UsedStep) => void;
  /** A build argument was asked for, so that it is of use. */
  readonly consumed: (name: string) => void;
};

/** Bumped when the same key would lead to another layer. */
const KEY_VERSION = 1;

/** A stage at work: the image so far, the variables, and what instructions act upon. */
export class StageRun {
  readonly stage: Stage;
  readonly surroundings: StageSurroundings;
  readonly draft: ImageDraft;
  readonly variables: Variables;
  readonly escapeToken: string;
  /** A CMD of this stage stands: ENTRYPOINT leaves it alone. */
  ownCommand = false;

  constructor(
    stage: Stage,
    surroundings: StageSurroundings,
    draft: ImageDraft,
    variables: Variables,
    escapeToken: string,
  ) {
    this.stage = stage;
    this.surroundings = surroundings;
    this.draft = draft;
    this.variables = variables;
    this.escapeToken = escapeToken;
  }

  get engine(): Engine {
    return this.surroundings.engine;
  }

  get request(): BuildRequest {
    return this.surroundings.request;
  }

  get workingDirectory(): string {
    return this.draft.config.WorkingDir || "/";
  }

  /** Notes an instruction that makes no layer. */
  note(text: string): void {
    this.draft.note(text, this.#time(this.draft.lastCreated));
  }

  /**
   * Makes a layer, or takes the one that a step with the same inputs has made: `make` gives the directory with what
   * has changed. `inputs` decide about the result, together with what lies beneath.
   */
  async makeLayer(request: {
    readonly instruction: Instruction;
    readonly inputs: readonly unknown[];
    /** As the history tells it. */
    readonly history: string;
    readonly make: (step: Step) => Promise<string>;
  }): Promise<void> {
    const { history, inputs, instruction } = request;
    const { epoch } = this.request;
    const key = stepKey([KEY_VERSION, this.draft.chainId ?? null, epoch ?? null, ...inputs]);
    const title = this.surroundings.title(this.stage, firstLine(instruction.text));
    const below = this.draft.chainId;
    const made = await this.engine.once({
      key,
      title,
      ignoreCache: this.#ignoresCache,
      below,
      make: async (step) => {
        this.engine.signal.throwIfAborted();
        const directory = await request.make(step);
        const { store } = this.engine.services;
        const layer = await commitLayer(store, this.engine.hold, { directory, below, latest: epoch });
        return { layer, created: this.#time(Date.now()) };
      },
    });
    this.surroundings.used(key, { ...made, description: title });
    this.draft.note(history, made.created, made.layer);
  }

  get #ignoresCache(): boolean {
    const { noCache, noCacheFilter } = this.request;
    return noCache || noCacheFilter.includes(this.stage.name ?? String(this.stage.index));
  }

  #time(otherwise: number): number {
    const { epoch } = this.request;
    return epoch === undefined ? otherwise : epoch * 1000;
  }
}

const firstLine = (text: string) => text.replaceAll(/\s+/g, " ");

/** An instruction that could not be carried out, shown in its Dockerfile. */
export function instructionFailed(
  { place }: Pick<Instruction, "place">,
  code: string,
  message: string,
  options: { readonly hint?: string; readonly details?: readonly string[] } = {},
): GantryError {
  return new GantryError(code, "the build failed", {
    ...options,
    diagnostics: [{ severity: "error", code, message, ...place }],
  });
}
