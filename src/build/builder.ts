import { join } from "node:path";
import { collectGarbage } from "../image/index.ts";
import { cloneRepository } from "./context/git.ts";
import type { BuildRequest, BuildServices, BuiltResult } from "./contract.ts";
import { BuildRun } from "./engine/build-run.ts";
import { Engine } from "./engine/engine.ts";
import { sweepBuilds } from "./engine/workspace.ts";

/** Builds images. All builds of one command go through one builder: what they have in common is made once. */
export class Builder {
  readonly #engine: Engine;

  private constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Opens a builder, and sweeps what killed builds have left. */
  static async open(services: BuildServices): Promise<Builder> {
    await sweepBuilds(services.store.roots, services.store.helper);
    return new Builder(new Engine(services));
  }

  /** Builds one image. Throws a GantryError that points into the Dockerfile. */
  async build(request: BuildRequest): Promise<BuiltResult> {
    return new BuildRun(this.#engine, request).build();
  }

  /** Brings a context that is a Git repository onto this machine, for as long as the builder lives. */
  async cloneContext(url: string): Promise<string> {
    const room = this.#engine.workspace.room();
    const options = { keepGitDirectory: false, signal: this.#engine.signal };
    return cloneRepository(url, join(room.path, "repository"), options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine[Symbol.asyncDispose]();
    await collectGarbage(this.#engine.services.store);
  }
}
