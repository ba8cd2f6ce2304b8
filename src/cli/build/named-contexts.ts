import { resolve } from "node:path";
import { isGitUrl, type NamedContext } from "../../build/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { checkContext } from "./context-files.ts";

/** What turns the words of a context into one. */
export type ContextSources = {
  /** What relative paths count from. */
  readonly directory: string;
  readonly cloneContext: (url: string) => Promise<string>;
  /** The image of another service; nothing where there are no services. */
  readonly imageOf?: (service: string) => NamedContext;
};

/** `--build-context NAME=…`, `additional_contexts:`: a directory, docker-image://, service:, or a repository. */
export async function namedContexts(
  given: Readonly<Record<string, string>>,
  sources: ContextSources,
): Promise<Record<string, NamedContext>> {
  const named = Object.entries(given).map(
    async ([name, text]) => [name, await contextFrom(text, sources)] as const,
  );
  return Object.fromEntries(await Promise.all(named));
}

/** A context by what was written for it. */
export async function contextFrom(text: string, sources: ContextSources): Promise<NamedContext> {
  const image = /^docker-image:\/\/(.+)$/.exec(text)?.[1];
  if (image !== undefined) return { kind: "image", name: image };
  const service = serviceIn(text);
  if (service !== undefined && sources.imageOf) return sources.imageOf(service);
  if (isGitUrl(text)) return { kind: "directory", path: await sources.cloneContext(text) };
  const scheme = /^([a-z-]+):\/\//.exec(text)?.[1];
  if (scheme === undefined)
    return { kind: "directory", path: checkContext(resolve(sources.directory, text)) };
  throw new GantryError("build-context-kind", `${text}: ${scheme}:// is no kind of build context here`, {
    hint: "It is a directory, a Git repository, docker-image://NAME or service:NAME. Load an OCI layout first: gantry image load.",
  });
}

/** "service:base" → "base" */
export const serviceIn = (text: string): string | undefined => /^service:(.+)$/.exec(text)?.[1];
