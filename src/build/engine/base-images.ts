import {
  type BaseImage,
  hostPlatform,
  type Platform,
  platformText,
  resolveBase,
  runsOn,
} from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { BuildRequest, NamedContext } from "../contract.ts";
import type { Instruction } from "../dockerfile/instruction.ts";
import { hostTree, type SourceTree } from "../tree/source-tree.ts";
import type { Engine } from "./engine.ts";
import { explainAt } from "./explain-at.ts";
import { instructionFailed } from "./stage-run.ts";

type Place = Pick<Instruction, "place">;

/** What a build has from outside of its Dockerfile: images, pulled when they are missing, and contexts. */
export class BaseImages {
  readonly #engine: Engine;
  readonly #request: BuildRequest;
  readonly #known = new Map<string, Promise<BaseImage>>();

  constructor(engine: Engine, request: BuildRequest) {
    this.#engine = engine;
    this.#request = request;
  }

  /** What the build is for. */
  get platform(): Platform {
    return this.#request.platform ?? hostPlatform();
  }

  /** The named context of that name, given with the build. */
  contextNamed(name: string): NamedContext | undefined {
    return this.#request.namedContexts[name] ?? this.#request.namedContexts[name.toLowerCase()];
  }

  /** The files of the build context. */
  contextTree(at: Place): SourceTree {
    const { context, ignore } = this.#request;
    if (context?.kind === "directory") {
      const digests = this.#engine.digestsOf(context.path);
      return { ...hostTree(context.path, ignore, "the build context"), digests };
    }
    throw instructionFailed(at, "build-context-missing", "this build has no context to copy from", {
      hint: "Name a directory: `gantry build PATH`.",
    });
  }

  /** The image whose files are the build context, if it is one. */
  contextImage(at: Place): Promise<BaseImage> | undefined {
    const { context } = this.#request;
    if (context?.kind === "built") return context.image();
    return context?.kind === "image" ? this.image(context.name, this.platform, at) : undefined;
  }

  /** An image to begin with or to copy from; a failure points at who asked. */
  image(name: string, platform: Platform, at: Place): Promise<BaseImage> {
    const key = `${platformText(platform)} ${name}`;
    const known = this.#known.get(key);
    if (known) return known;
    const image = this.#findImage(name, platform).catch((error: unknown) => {
      throw explainAt(at, error);
    });
    this.#known.set(key, image);
    return image;
  }

  async #findImage(name: string, platform: Platform): Promise<BaseImage> {
    const context = this.contextNamed(name);
    if (context?.kind === "built") return context.image();
    const wanted = context?.kind === "image" ? context.name : name;
    const { store, pullImage, pullAlways } = this.#engine.services;
    const stored = resolveBase(store, wanted);
    if (stored && !pullAlways && runsOn(stored.configuration, platform)) return this.#keep(stored);
    const isHosts = runsOn(platform, hostPlatform());
    const pulled = resolveBase(store, await pullImage(wanted, isHosts ? undefined : platform));
    if (pulled) return this.#keep(pulled);
    throw new GantryError("image-missing", `the image ${wanted} is not in gantry's store`, {
      hint: "`docker save NAME | gantry image load`, or `gantry image import ROOTFS.tar NAME`.",
    });
  }

  /** What is built upon stays, whoever removes the image meanwhile. */
  #keep(image: BaseImage): BaseImage {
    for (const { chainId, blob } of image.layers) {
      this.#engine.hold.keep("layer", chainId);
      this.#engine.hold.keep("blob", blob);
    }
    return image;
  }
}
