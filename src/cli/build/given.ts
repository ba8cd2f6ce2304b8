import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { USAGE_EXIT_CODE } from "../exit-codes.ts";
import type { Session } from "../session.ts";
import { remark } from "../tell.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** `--build-arg KEY=VALUE`; KEY alone takes the value from the environment, and is left out where that has none. */
export function buildArguments(given: readonly string[], environment: Environment): Record<string, string> {
  const pairs = given.flatMap((text): [string, string][] => {
    const at = text.indexOf("=");
    if (at > 0) return [[text.slice(0, at), text.slice(at + 1)]];
    const value = environment[text];
    return value === undefined ? [] : [[text, value]];
  });
  return Object.fromEntries(pairs);
}

/** `--secret id=NAME,src=FILE` or `id=NAME,env=VARIABLE`. */
export function readSecrets(
  given: readonly string[],
  environment: Environment,
  directory: string,
): Record<string, Buffer> {
  return Object.fromEntries(
    given.map((text) => {
      const fields = new Map(text.split(",").map((field) => splitOnce(field)));
      const id = fields.get("id") ?? fields.get("src") ?? fields.get("source");
      if (id === undefined) throw usage(`--secret ${text} has no id`, "Write it as id=NAME,src=FILE.");
      const file = fields.get("src") ?? fields.get("source");
      const variable = fields.get("env") ?? (file === undefined ? id : undefined);
      if (variable !== undefined) return [id, secretFromEnvironment(id, variable, environment)];
      return [id, readSecretFile(id, resolve(directory, file!))];
    }),
  );
}

/** Content of a secret that is in a file. */
export function readSecretFile(id: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new GantryError("build-secret-missing", `cannot read ${path} for the secret "${id}"`, { cause });
  }
}

/** Content of a secret that is in an environment variable. */
export function secretFromEnvironment(id: string, variable: string, environment: Environment): Buffer {
  const value = environment[variable];
  if (value !== undefined) return Buffer.from(value);
  throw new GantryError("build-secret-missing", `the variable ${variable} for the secret "${id}" is not set`);
}

/** `--ssh default`, `--ssh ID=SOCKET` or `--ssh ID=KEY[,KEY]`: sockets of agents, or files with keys, by id. */
export function sshAgents(
  given: readonly string[],
  { environment, workingDirectory }: Pick<Session, "environment" | "workingDirectory">,
): Record<string, string[]> {
  return Object.fromEntries(
    given.map((text) => {
      const [id, paths] = splitOnce(text);
      if (paths !== "") return [id, paths.split(",").map((path) => agentPath(id, workingDirectory, path))];
      const socket = environment["SSH_AUTH_SOCK"];
      if (socket) return [id, [socket]];
      throw new GantryError("build-ssh-missing", `no SSH agent for --ssh ${text}: SSH_AUTH_SOCK is not set`, {
        hint: "Start an agent (eval $(ssh-agent); ssh-add), or name a key: --ssh default=~/.ssh/id_ed25519",
      });
    }),
  );
}

function agentPath(id: string, directory: string, text: string): string {
  const path = resolve(directory, text.replace(/^~(?=\/)/, homedir()));
  if (existsSync(path)) return path;
  throw new GantryError("build-ssh-missing", `there is no ${path} for the SSH agent "${id}"`, {
    hint: "Name the socket of an agent, or a file with a private key.",
  });
}

/** Directories of `type=local` caches. Other kinds are said to be left out: no build fails for want of a cache. */
export function cacheDirectories(given: readonly string[], key: "src" | "dest", session: Session): string[] {
  return given.flatMap((text) => {
    const fields = new Map(text.split(",").map((field) => splitOnce(field)));
    const type = text.includes("=") ? (fields.get("type") ?? "registry") : "registry";
    const path = type === "local" ? fields.get(key) : undefined;
    if (path) return [resolve(session.workingDirectory, path)];
    const problem = type === "local" ? `names no ${key}=` : `is of type ${type}, and only type=local is kept`;
    remark(session, `the build cache ${text} is left out: it ${problem}`);
    return [];
  });
}

/** SOURCE_DATE_EPOCH, in seconds. */
export function sourceDateEpoch(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw usage(`SOURCE_DATE_EPOCH is "${text}", not a number of seconds`, "date +%s prints one.");
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf("=");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

const usage = (message: string, hint: string) =>
  new GantryError("usage", message, { hint, exitCode: USAGE_EXIT_CODE });
