import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { NamedContext } from "../../build/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { USAGE_EXIT_CODE } from "../exit-codes.ts";

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

/** `--ssh default` or `--ssh ID=SOCKET`: sockets of agents by id. */
export function agentSockets(given: readonly string[], environment: Environment): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [id, path] = splitOnce(text);
      const socket = path || environment["SSH_AUTH_SOCK"];
      if (socket) return [id, socket];
      throw new GantryError("build-ssh-missing", `no SSH agent for --ssh ${text}: SSH_AUTH_SOCK is not set`, {
        hint: "Start an agent: eval $(ssh-agent); ssh-add",
      });
    }),
  );
}

/** `--build-context NAME=PATH` or `NAME=docker-image://IMAGE`. */
export function namedContexts(
  given: Readonly<Record<string, string>>,
  directory: string,
): Record<string, NamedContext> {
  return Object.fromEntries(
    Object.entries(given).map(([name, text]): [string, NamedContext] => {
      const image = /^docker-image:\/\/(.+)$/.exec(text)?.[1];
      if (image !== undefined) return [name, { kind: "image", name: image }];
      return [name, { kind: "directory", path: resolve(directory, text) }];
    }),
  );
}

/** Directories of `type=local` caches; other kinds are of no use here, and no build fails for want of a cache. */
export function cacheDirectories(given: readonly string[], key: "src" | "dest", directory: string): string[] {
  return given.flatMap((text) => {
    const fields = new Map(text.split(",").map((field) => splitOnce(field)));
    const path = fields.get("type") === "local" ? fields.get(key) : undefined;
    return path ? [resolve(directory, path)] : [];
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
