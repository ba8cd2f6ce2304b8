import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { isObject } from "../oci.ts";

/** What is known of one registry beside its name. */
export type RegistryRules = {
  /** Base addresses tried before the registry itself, when pulling. */
  readonly mirrors: readonly string[];
  /** Plain HTTP, and TLS with a certificate nobody vouches for, are accepted. */
  readonly insecure: boolean;
};

/** How gantry talks to registries (docs/images.md describes the file). */
export type RegistrySettings = {
  readonly registries: Readonly<Record<string, RegistryRules>>;
  /** Host names with or without port, and IPv4 networks in CIDR notation. */
  readonly insecureRegistries: readonly string[];
  /** Absolute path of a PEM file with further certificate authorities, for every registry. */
  readonly caFile?: string;
  readonly concurrentDownloads: number;
  readonly concurrentUploads: number;
  /** How often a request is tried in all. */
  readonly attempts: number;
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly idleTimeout: number;
  /** Directory of Docker's config.json. */
  readonly dockerConfig: string;
  /** Directories with a directory of certificates per registry, as Docker's /etc/docker/certs.d. */
  readonly certificates: readonly string[];
  /** HTTP_PROXY, HTTPS_PROXY, NO_PROXY and their lower-case forms are looked up here. */
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** Reads the settings: the system's file, then the user's over it; GANTRY_CONFIG names the only one. */
export function readRegistrySettings(
  environment: Readonly<Record<string, string | undefined>>,
): RegistrySettings {
  const documents = settingsFiles(environment).flatMap(readSettingsFile);
  const document: Record<string, unknown> = Object.assign({}, ...documents);
  const registries = rulesOf(document["registries"]);
  const mirrors = strings(document, "registry-mirrors");
  if (mirrors.length > 0 && !registries["docker.io"]?.mirrors.length) {
    registries["docker.io"] = { insecure: registries["docker.io"]?.insecure ?? false, mirrors };
  }
  const caFile = document["ca-file"];
  if (caFile !== undefined && !(typeof caFile === "string" && isAbsolute(caFile))) {
    throw wrongSetting("ca-file", "an absolute path");
  }
  return {
    registries,
    insecureRegistries: strings(document, "insecure-registries"),
    ...(caFile === undefined ? {} : { caFile }),
    concurrentDownloads: positive(document, "max-concurrent-downloads", 4),
    concurrentUploads: positive(document, "max-concurrent-uploads", 4),
    attempts: positive(document, "max-download-attempts", 5),
    idleTimeout: positive(document, "registry-timeout", 30) * 1000,
    dockerConfig: environment["DOCKER_CONFIG"] || join(environment["HOME"] || homedir(), ".docker"),
    certificates: [join(configHome(environment), "certs.d"), "/etc/gantry/certs.d", "/etc/docker/certs.d"],
    environment,
  };
}

const configHome = (environment: Readonly<Record<string, string | undefined>>) =>
  join(environment["XDG_CONFIG_HOME"] || join(environment["HOME"] || homedir(), ".config"), "gantry");

function settingsFiles(environment: Readonly<Record<string, string | undefined>>): string[] {
  const only = environment["GANTRY_CONFIG"];
  return only ? [only] : ["/etc/gantry/config.json", join(configHome(environment), "config.json")];
}

function readSettingsFile(path: string): Record<string, unknown>[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
  try {
    const document: unknown = JSON.parse(text);
    if (isObject(document)) return [document];
  } catch (cause) {
    throw new GantryError("invalid-settings", `${path} is not JSON: ${(cause as Error).message}`, {
      hint: "docs/images.md shows what may be in it.",
    });
  }
  throw new GantryError("invalid-settings", `${path} does not hold a JSON object`, {
    hint: "docs/images.md shows what may be in it.",
  });
}

function rulesOf(value: unknown): Record<string, RegistryRules> {
  if (value === undefined) return {};
  if (!isObject(value)) throw wrongSetting("registries", "an object by registry name");
  return Object.fromEntries(
    Object.entries(value).map(([name, rules]) => {
      if (!isObject(rules)) throw wrongSetting(`registries.${name}`, "an object");
      return [name, { mirrors: strings(rules, "mirrors"), insecure: rules["insecure"] === true }];
    }),
  );
}

function strings(document: Record<string, unknown>, key: string): string[] {
  const value = document[key] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw wrongSetting(key, "a list of strings");
}

function positive(document: Record<string, unknown>, key: string, fallback: number): number {
  const value = document[key] ?? fallback;
  if (Number.isInteger(value) && (value as number) > 0) return value as number;
  throw wrongSetting(key, "a whole number above 0");
}

function wrongSetting(key: string, expected: string): GantryError {
  return new GantryError("invalid-settings", `the setting ${key} is not ${expected}`, {
    hint: "docs/images.md shows what may be in gantry's config.json.",
  });
}
