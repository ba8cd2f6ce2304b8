import { type Platform, parsePlatform, type StoredLayer, storeBuiltImage } from "../../image/index.ts";
import { closest } from "../../lib/closest-word.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { exportSteps, type UsedStep } from "../cache/local-cache.ts";
import type { BuildRequest, BuiltResult } from "../contract.ts";
import type { Instruction, Stage } from "../dockerfile/instruction.ts";
import { type Dockerfile, parseDockerfile, parseTrigger } from "../dockerfile/parse.ts";
import { addFiles } from "../steps/add.ts";
import { applyConfig } from "../steps/config.ts";
import { copyFiles } from "../steps/copy.ts";
import { runCommand } from "../steps/run.ts";
import { applyWorkdir } from "../steps/workdir.ts";
import { hostTree, type SourceTree } from "../tree/source-tree.ts";
import { BaseImages } from "./base-images.ts";
import type { Engine } from "./engine.ts";
import { explainAt } from "./explain-at.ts";
import { ImageDraft } from "./image-draft.ts";
import { withLayerTree } from "./layer-tree.ts";
import { platformArguments } from "./platform.ts";
import { instructionFailed, StageRun, type StageSurroundings } from "./stage-run.ts";
import { isProxyArgument, Variables } from "./variables.ts";

type Place = Pick<Instruction, "place">;
/** A stage that is done, or an image: something to begin with or to copy from. */
type Outcome = { readonly draft: ImageDraft; readonly variables: Variables };

const DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** One build: its stages as a graph, each made once and only when something needs it. */
export class BuildRun {
  readonly #engine: Engine;
  readonly #request: BuildRequest;
  readonly #dockerfile: Dockerfile;
  readonly #globals: Variables;
  readonly #stages = new Map<number, Promise<Outcome>>();
  readonly #images: BaseImages;
  readonly #unused: Set<string>;
  readonly #used = new Map<string, UsedStep>();
  #fail: (error: unknown) => void = () => undefined;
  /** Rejects with the first failure of any stage. */
  readonly #failure = new Promise<never>((_resolve, reject) => {
    this.#fail = reject;
  });
  readonly #counts = new Map<number, number>();
  /** How many steps a stage has, once it is known what ONBUILD adds. */
  readonly #totals = new Map<number, number>();

  constructor(engine: Engine, request: BuildRequest) {
    this.#engine = engine;
    for (const directory of request.cacheFrom) engine.cache.lookInto(directory);
    this.#request = request;
    this.#images = new BaseImages(engine, request);
    this.#dockerfile = parseDockerfile(request.dockerfile.text, request.dockerfile.path);
    this.#unused = new Set(Object.keys(request.args).filter((name) => !isProxyArgument(name)));
    this.#globals = this.#globalVariables();
    this.#failure.catch(() => undefined);
  }

  /** Builds the target and stores the image. */
  async build(): Promise<BuiltResult> {
    const target = this.#target();
    // Not only the target is waited for: what fails beside it ends the build at once.
    const { draft } = await Promise.race([this.#stage(target.index), this.#failure]);
    for (const name of this.#unused)
      this.#engine.progress.warn(`build argument ${name} is not used by any ARG`);
    const { store } = this.#engine.services;
    const configuration = draft.configuration(this.#request.labels);
    const { layers } = draft;
    const step = this.#engine.progress.start(this.#labelled("exporting to image"));
    const image = await storeBuiltImage(store, this.#engine.hold, {
      configuration,
      layers,
      names: this.#request.tags,
    });
    step.output(`writing image ${image.id}\n`);
    for (const tag of this.#request.tags) step.output(`naming to ${tag}\n`);
    step.end("done");
    for (const directory of this.#request.cacheTo) await this.#exportCache(directory);
    return image;
  }

  async #exportCache(directory: string): Promise<void> {
    const step = this.#engine.progress.start(this.#labelled(`exporting cache to ${directory}`));
    await exportSteps(this.#engine.services.store, this.#used, directory);
    step.end("done");
  }

  #globalVariables(): Variables {
    const globals = new Variables(this.#dockerfile.directives.escapeToken);
    for (const [name, value] of Object.entries(
      platformArguments(this.#request.target, this.#images.platform),
    ))
      globals.set(name, value);
    for (const instruction of this.#dockerfile.globalArguments) {
      for (const { key, value } of instruction.pairs) {
        const given = this.#request.args[key];
        this.#unused.delete(key);
        const own = value === undefined ? globals.get(key) : globals.expand(value, instruction);
        globals.declare(key, given ?? own);
      }
    }
    return globals;
  }

  #target(): Stage {
    const { stages } = this.#dockerfile;
    const { target } = this.#request;
    if (target === undefined || target === "") return stages.at(-1)!;
    const found = this.#stageNamed(target, stages.length);
    if (found) return found;
    const names = stages.flatMap(({ name }) => name ?? []);
    const near = closest(target, names);
    throw new GantryError("build-target", `${this.#request.dockerfile.path} has no stage "${target}"`, {
      hint: near ? `did you mean "${near}"?` : `It has ${names.join(", ") || "no stage with a name"}.`,
    });
  }

  /** A stage by name or index among the first `before`. */
  #stageNamed(name: string, before: number): Stage | undefined {
    const earlier = this.#dockerfile.stages.slice(0, before);
    const byName = earlier.findLast((stage) => stage.name === name.toLowerCase());
    return byName ?? (/^\d+$/.test(name) ? earlier[Number(name)] : undefined);
  }

  #stage(index: number): Promise<Outcome> {
    const known = this.#stages.get(index);
    if (known) return known;
    const outcome = this.#runStage(this.#dockerfile.stages[index]!);
    this.#stages.set(index, outcome);
    // Whoever waits for it later gets the failure; nobody may be waiting yet.
    outcome.catch(this.#fail);
    return outcome;
  }

  async #runStage(stage: Stage): Promise<Outcome> {
    // What the stage copies from begins at once, beside its own first steps.
    for (const needed of this.#neededBy(stage)) void this.#stage(needed);
    const base = await this.#base(stage);
    const { draft, variables } = base;
    const { escapeToken } = this.#dockerfile.directives;
    const run = new StageRun(stage, this.#surroundings(stage), draft, variables, escapeToken);
    const triggers = draft.config.OnBuild ?? [];
    delete draft.config.OnBuild;
    const triggered = triggers.map((trigger) => parseTrigger(trigger, stage.from.image));
    const instructions = [...triggered, ...stage.instructions];
    this.#totals.set(stage.index, stepsIn(instructions));
    for (const instruction of instructions) await this.#instruct(run, instruction);
    return { draft, variables };
  }

  #neededBy(stage: Stage): number[] {
    const names = stage.instructions.flatMap((instruction) => {
      if (instruction.kind === "copy") return instruction.from ?? [];
      if (instruction.kind !== "run") return [];
      return instruction.mounts.flatMap((mount) => /(?:^|,)from=([^,]+)/.exec(mount)?.[1] ?? []);
    });
    return names.flatMap((name) => this.#stageNamed(name, stage.index)?.index ?? []);
  }

  async #instruct(run: StageRun, instruction: Instruction): Promise<void> {
    this.#engine.signal.throwIfAborted();
    try {
      await this.#carryOut(run, instruction);
    } catch (error) {
      throw explainAt(instruction, error);
    }
  }

  async #carryOut(run: StageRun, instruction: Instruction): Promise<void> {
    if (applyConfig(run, instruction)) return;
    if (instruction.kind === "run") await runCommand(run, instruction);
    else if (instruction.kind === "workdir") await applyWorkdir(run, instruction);
    else if (instruction.kind === "add") await addFiles(run, instruction);
    else if (instruction.kind === "copy") {
      const from =
        instruction.from === undefined ? undefined : run.variables.expand(instruction.from, instruction);
      await copyFiles(run, instruction, from);
    }
  }

  async #base(stage: Stage): Promise<Outcome> {
    const name = this.#globals.expand(stage.from.image, stage.from);
    if (name === "") {
      throw instructionFailed(stage.from, "build-base", `"${stage.from.image}" comes to nothing`, {
        hint: "Give its ARG a default before the first FROM, or a value with --build-arg.",
      });
    }
    const earlier = this.#images.contextNamed(name) ? undefined : this.#stageNamed(name, stage.index);
    if (earlier) {
      const { draft, variables } = await this.#stage(earlier.index);
      return { draft: draft.copy(), variables: variables.copy() };
    }
    const platform = this.#platformOf(stage);
    const base = name === "scratch" ? undefined : await this.#images.image(name, platform, stage.from);
    if (base) this.#engine.progress.note(this.#title(stage, `FROM ${name}`), "cached");
    const draft = new ImageDraft(base, platform);
    if (!base) Object.assign(draft.config, { Env: [DEFAULT_PATH], WorkingDir: "/" });
    const variables = new Variables(this.#dockerfile.directives.escapeToken, [
      DEFAULT_PATH,
      ...(draft.config.Env ?? []),
    ]);
    return { draft, variables };
  }

  #platformOf({ from }: Stage): Platform {
    const wanted = from.platform === undefined ? "" : this.#globals.expand(from.platform, from);
    if (wanted === "") return this.#images.platform;
    try {
      return parsePlatform(wanted);
    } catch (error) {
      throw explainAt(from, error);
    }
  }

  #surroundings(stage: Stage): StageSurroundings {
    return {
      engine: this.#engine,
      request: this.#request,
      withSource: (name, at, use) => this.#withSource(stage, name, at, use),
      layersOf: (name, at) => this.#layersOf(stage, name, at),
      globalArgument: (name) => this.#globals.get(name),
      title: (_stage, text) => this.#title(stage, text),
      used: (key, step) => this.#used.set(key, step),
      consumed: (name) => this.#unused.delete(name),
    };
  }

  async #withSource<Result>(
    stage: Stage,
    name: string | undefined,
    at: Place,
    use: (tree: SourceTree) => Promise<Result>,
  ): Promise<Result> {
    const layers = await this.#layersOf(stage, name, at);
    if (layers) return withLayerTree(this.#engine, layers, name ? `"${name}"` : "the build context", use);
    const context = name === undefined ? undefined : this.#images.contextNamed(name);
    if (context?.kind !== "directory") return use(this.#images.contextTree(at));
    return use(hostTree(context.path, [], `the build context ${name}`));
  }

  async #layersOf(
    stage: Stage,
    name: string | undefined,
    at: Place,
  ): Promise<readonly StoredLayer[] | undefined> {
    if (name === undefined) return (await this.#images.contextImage(at))?.layers;
    const context = this.#images.contextNamed(name);
    if (context?.kind === "directory") return undefined;
    const earlier = context ? undefined : this.#stageNamed(name, stage.index);
    if (earlier) return (await this.#stage(earlier.index)).draft.layers;
    const own = context ? undefined : this.#stageNamed(name, this.#dockerfile.stages.length);
    if (own) {
      throw instructionFailed(at, "build-stage-order", `the stage "${name}" does not come before this one`, {
        hint: "A stage can only use stages that are above it.",
      });
    }
    return (await this.#images.image(name, this.#images.platform, at)).layers;
  }

  /** As BuildKit shows a step: its stage, and which of the stage's steps it is. */
  #title(stage: Stage, text: string): string {
    const total = 1 + (this.#totals.get(stage.index) ?? stepsIn(stage.instructions));
    const number = text.startsWith("FROM ") ? 1 : (this.#counts.get(stage.index) ?? 1) + 1;
    this.#counts.set(stage.index, number);
    const { stages } = this.#dockerfile;
    const name = stage.name ?? (stages.length > 1 ? `stage-${stage.index}` : "");
    const digits = String(total).length;
    return this.#labelled(text, `${name} ${String(number).padStart(digits)}/${total}`.trim());
  }

  #labelled(text: string, inside = ""): string {
    const words = [this.#request.label ?? "", inside].filter((word) => word !== "").join(" ");
    return words === "" ? text : `[${words}] ${text}`;
  }
}

const stepsIn = (instructions: readonly Instruction[]): number =>
  instructions.filter(({ kind }) => ["run", "copy", "add", "workdir"].includes(kind)).length;
