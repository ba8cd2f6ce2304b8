import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { bytesOf, resolveWithin } from "../tree/byte-path.ts";

export type CloneOptions = {
  readonly keepGitDirectory: boolean;
  /** The commit it must be, or begin with. */
  readonly commit?: string;
  readonly signal: AbortSignal;
};

/** Whether a context or a source names a Git repository rather than a path or a file. */
export function isGitUrl(text: string): boolean {
  if (/^(?:git:\/\/|ssh:\/\/|git@[\w.-]+:)/.test(text)) return true;
  return /^(?:https?|file):\/\/[^#?]+\.git(?:[#?].*)?$/.test(text) || /^github\.com\/[^/]+\/[^/]+/.test(text);
}

/** Clones a repository ("url#ref:directory") with the host's git; gives the directory that is meant within it. */
export async function cloneRepository(
  url: string,
  directory: string,
  options: CloneOptions,
): Promise<string> {
  const [address = "", fragment = ""] = url.split("#", 2);
  const [reference = "", subdirectory = ""] = fragment.split(":", 2);
  if (/^-/.test(reference) || /^-/.test(options.commit ?? "")) {
    throw new GantryError("build-git", `${url} names no branch, tag or commit`);
  }
  const remote = address.startsWith("github.com/") ? `https://${address}` : address;
  const git = (...args: string[]) => runGit(["-C", directory, ...args], url, options.signal);
  await runGit(["init", "--quiet", directory], url, options.signal);
  await git("remote", "add", "origin", "--", remote);
  await fetchCommit(git, reference || options.commit || "HEAD");
  await git("checkout", "--quiet", "FETCH_HEAD");
  await git("submodule", "update", "--quiet", "--init", "--recursive", "--depth=1");
  const commit = (await git("rev-parse", "HEAD")).trim();
  if (options.commit !== undefined && !commit.startsWith(options.commit)) {
    throw new GantryError("build-checksum", `${url} is at ${commit}, not ${options.commit}`);
  }
  if (!options.keepGitDirectory) rmSync(join(directory, ".git"), { recursive: true, force: true });
  return join(directory, resolveWithin(directory, bytesOf(subdirectory), true));
}

/** One commit, without its past; a server that cannot leave the past out sends it. */
async function fetchCommit(git: (...args: string[]) => Promise<string>, what: string): Promise<void> {
  try {
    await git("fetch", "--quiet", "--depth=1", "origin", what);
  } catch (error) {
    const isPlainServer = error instanceof GantryError && /dumb http/.test(error.details?.join() ?? "");
    if (!isPlainServer) throw error;
    await git("fetch", "--quiet", "origin", what);
  }
}

async function runGit(args: readonly string[], url: string, signal: AbortSignal): Promise<string> {
  const environment = { ...process.env, GIT_TERMINAL_PROMPT: "0" };
  const child = spawn("git", args, { stdio: ["ignore", "pipe", "pipe"], env: environment, signal });
  let [output, complaint] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  const [code] = (await once(child, "close").catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw new GantryError("git-missing", "the program git could not be run", {
      hint: "Install git on this host: repositories are cloned with it.",
      cause,
    });
  })) as [number | null];
  if (code === 0) return output;
  throw new GantryError("build-git", `the repository ${url} could not be cloned`, {
    details: complaint.trim().split("\n").slice(-5),
  });
}
