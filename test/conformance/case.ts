import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What every case may rely on; nothing else of the environment is seen. */
const environment = { HOME: "/home/someone", GIVEN: "given", EMPTY: "", TOKEN: "token" };

/** How one case is loaded. */
type Case = {
  readonly files: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly profiles: readonly string[];
  readonly services: readonly string[];
  /** Options of `config`. */
  readonly flags: readonly string[];
};

/** What a case's folder says: its files in the order they are merged, and what case.json adds, if it has one. */
export function readCase(directory: string): Case {
  const file = join(directory, "case.json");
  const given: Partial<Case> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const files = readdirSync(directory)
    .filter((name) => /^compose(\.\d+)?\.yaml$/.test(name))
    .sort((one, other) => one.length - other.length || (one < other ? -1 : 1))
    .map((name) => join(directory, name));
  return {
    files,
    environment: { ...environment, ...given.environment },
    profiles: given.profiles ?? [],
    services: given.services ?? [],
    flags: given.flags ?? [],
  };
}

/** Compose files that must be refused, by attribute: each file of the folder holds several, divided by `---`. */
export function refusedDocuments(): { readonly name: string; readonly text: string }[] {
  const folder = join(import.meta.dirname, "refused");
  return readdirSync(folder).flatMap((file) => {
    const documents = readFileSync(join(folder, file), "utf8").split(/^---\n/m);
    return documents.map((text, index) => ({ name: `${file.replace(".yaml", "")} ${index + 1}`, text }));
  });
}
