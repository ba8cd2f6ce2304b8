import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { atomicWrite } from "../../lib/atomic-write.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { isObject } from "../oci.ts";

/** What a user logs in with. An identity token takes the place of a password at the token server. */
export type Credentials = {
  readonly username: string;
  readonly password: string;
  readonly identityToken?: string;
};

type ConfigFile = Readonly<Record<string, unknown>>;

/** Under which name Docker's config.json keeps the credentials of a registry. */
export const credentialsKey = (domain: string) =>
  domain === "docker.io" || domain === "registry-1.docker.io" ? "https://index.docker.io/v1/" : domain;

/** Docker's config.json and the credential helpers it names. */
export class CredentialStore {
  readonly #path: string;

  /** `directory`: where config.json lies. */
  constructor(directory: string) {
    this.#path = join(directory, "config.json");
  }

  /** The credentials for a registry, from its helper, the store of all, or the file itself. */
  async find(domain: string): Promise<Credentials | undefined> {
    const config = this.#read();
    const key = credentialsKey(domain);
    const helper = helperFor(config, key);
    if (helper !== undefined) {
      const found = await askHelper(helper, key);
      if (found) return found;
    }
    const auths = isObject(config["auths"]) ? config["auths"] : {};
    const entry = Object.entries(auths).find(([name]) => hostOf(name) === hostOf(key))?.[1];
    return isObject(entry) ? decodeEntry(entry) : undefined;
  }

  /** Keeps credentials; gives the path of the file when they lie in it, readable for whoever can read the file. */
  async save(domain: string, credentials: Credentials): Promise<string | undefined> {
    const config = this.#read();
    const key = credentialsKey(domain);
    const helper = helperFor(config, key);
    if (helper === undefined) {
      await this.#write({
        ...config,
        auths: { ...withoutHost(config["auths"], key), [key]: encodeEntry(credentials) },
      });
      return this.#path;
    }
    const { username, password, identityToken } = credentials;
    const [Username, Secret] =
      identityToken === undefined ? [username, password] : ["<token>", identityToken];
    await runHelper(helper, "store", JSON.stringify({ ServerURL: key, Username, Secret }));
    await this.#write({ ...config, auths: { ...withoutHost(config["auths"], key), [key]: {} } });
    return undefined;
  }

  /** Forgets the credentials of a registry; tells whether there were any. */
  async remove(domain: string): Promise<boolean> {
    const config = this.#read();
    const key = credentialsKey(domain);
    const helper = helperFor(config, key);
    const known = (await this.find(domain)) !== undefined;
    if (helper !== undefined && known) await runHelper(helper, "erase", key);
    const auths = withoutHost(config["auths"], key);
    const had = Object.keys(isObject(config["auths"]) ? config["auths"] : {}).length;
    if (Object.keys(auths).length < had) await this.#write({ ...config, auths });
    return known;
  }

  #read(): ConfigFile {
    let text: string;
    try {
      text = readFileSync(this.#path, "utf8");
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return {};
      throw unreadable(this.#path, error);
    }
    try {
      const config: unknown = JSON.parse(text);
      if (isObject(config)) return config;
    } catch (error) {
      throw unreadable(this.#path, error);
    }
    throw unreadable(this.#path, new Error("it is not a JSON object"));
  }

  async #write(config: ConfigFile): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    // The file may be a link into somebody's collection of settings: the link stays.
    const path = await realpath(this.#path).catch(() => this.#path);
    await atomicWrite(path, `${JSON.stringify(config, undefined, "\t")}\n`);
  }
}

/** Entries are named by host, or by an address that has it: "https://index.docker.io/v1/". */
const hostOf = (name: string) => name.replace(/^https?:\/\//, "").replace(/\/.*$/, "");

function withoutHost(auths: unknown, key: string): Record<string, unknown> {
  const entries = Object.entries(isObject(auths) ? auths : {});
  return Object.fromEntries(entries.filter(([name]) => hostOf(name) !== hostOf(key)));
}

function helperFor(config: ConfigFile, key: string): string | undefined {
  const helpers = isObject(config["credHelpers"]) ? config["credHelpers"] : {};
  const own = Object.entries(helpers).find(([name]) => hostOf(name) === hostOf(key))?.[1];
  const helper = own ?? config["credsStore"];
  return typeof helper === "string" && helper !== "" ? helper : undefined;
}

function decodeEntry(entry: Readonly<Record<string, unknown>>): Credentials | undefined {
  const text = (key: string) => (typeof entry[key] === "string" ? (entry[key] as string) : "");
  const decoded = Buffer.from(text("auth"), "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  const username = colon > 0 ? decoded.slice(0, colon) : text("username");
  const password = colon > 0 ? decoded.slice(colon + 1) : text("password");
  const identityToken = text("identitytoken");
  if (username === "" && identityToken === "") return undefined;
  return { username, password, ...(identityToken === "" ? {} : { identityToken }) };
}

function encodeEntry({ username, password, identityToken }: Credentials): Record<string, string> {
  const auth = Buffer.from(`${username}:${identityToken === undefined ? password : ""}`).toString("base64");
  return identityToken === undefined ? { auth } : { auth, identitytoken: identityToken };
}

async function askHelper(helper: string, key: string): Promise<Credentials | undefined> {
  let answer: unknown;
  try {
    answer = JSON.parse(await runHelper(helper, "get", key));
  } catch (error) {
    if (error instanceof GantryError && /not found/i.test(error.message)) return undefined;
    throw error;
  }
  if (!isObject(answer) || typeof answer["Username"] !== "string" || typeof answer["Secret"] !== "string") {
    return undefined;
  }
  const { Username: username, Secret: secret } = answer as { Username: string; Secret: string };
  if (username === "<token>") return { username: "", password: "", identityToken: secret };
  return { username, password: secret };
}

/** Runs docker-credential-<helper>; what it is to know goes through its standard input, never its arguments. */
async function runHelper(helper: string, verb: "get" | "store" | "erase", input: string): Promise<string> {
  const program = `docker-credential-${helper}`;
  if (!/^[\w.-]+$/.test(helper)) throw helperFailed(program, "its name is not the name of a program");
  const child = spawn(program, [verb], { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", (error) => reject(helperFailed(program, error.message))).on("close", resolve);
  });
  const output = Buffer.concat(chunks).toString("utf8").trim();
  // A helper that fails says why on its standard output; one that succeeds may print a secret.
  if (code !== 0) throw helperFailed(program, output || `it exited with ${code}`);
  return output;
}

function helperFailed(program: string, reason: string): GantryError {
  return new GantryError("credential-helper", `the credential helper ${program} failed: ${reason}`, {
    hint: "Docker's config.json names it in credsStore or credHelpers: install it, or take it out.",
  });
}

function unreadable(path: string, error: unknown): GantryError {
  return new GantryError("invalid-settings", `${path} cannot be read: ${(error as Error).message}`, {
    hint: "Mend it, or move it away and log in again.",
  });
}
