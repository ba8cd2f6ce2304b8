import { parseByteSize } from "../../lib/byte-size.ts";
import { closest } from "../../lib/closest-word.ts";
import { SyntaxFault } from "./source.ts";

/** RUN --mount=…, understood. Paths are as written: relative ones count from the working directory. */
export type RunMount =
  | {
      readonly type: "bind";
      readonly target: string;
      readonly source: string;
      /** Stage, image or named context; the build context when absent. */
      readonly from?: string;
      readonly readWrite: boolean;
    }
  | {
      readonly type: "cache";
      readonly id?: string;
      readonly target: string;
      readonly from?: string;
      readonly source: string;
      readonly sharing: "shared" | "private" | "locked";
      readonly readOnly: boolean;
      readonly mode?: number;
      readonly uid?: number;
      readonly gid?: number;
    }
  | { readonly type: "tmpfs"; readonly target: string; readonly size?: number }
  | ({ readonly type: "secret" } & GivenMount)
  | ({ readonly type: "ssh" } & GivenMount);

/** Something that only the one who builds can give. */
export type GivenMount = {
  readonly id?: string;
  /** Absent: /run/secrets/ID, /run/buildkit/ssh_agent.N; with `env` alone, no file. */
  readonly target?: string;
  readonly env?: string;
  readonly required: boolean;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
};

const OPTIONS = {
  bind: ["target", "source", "from", "readwrite", "readonly"],
  cache: ["id", "target", "source", "from", "sharing", "readonly", "readwrite", "mode", "uid", "gid"],
  tmpfs: ["target", "size"],
  secret: ["id", "target", "env", "required", "mode", "uid", "gid"],
  ssh: ["id", "target", "required", "mode", "uid", "gid"],
} as const;

const ALIASES: Readonly<Record<string, string>> = {
  dst: "target",
  destination: "target",
  src: "source",
  rw: "readwrite",
  ro: "readonly",
};

/** Parses the value of --mount. Throws a SyntaxFault without a place. */
export function parseMount(text: string): RunMount {
  const options = readOptions(text);
  const type = options.get("type") ?? "bind";
  if (!Object.hasOwn(OPTIONS, type)) {
    throw mountFault(`"${type}" is no type of mount`, `It is one of ${Object.keys(OPTIONS).join(", ")}.`);
  }
  const kind = type as keyof typeof OPTIONS;
  if (kind === "secret" && !options.has("id") && options.has("source")) {
    options.set("id", options.get("source")!);
    options.delete("source");
  }
  checkNames(kind, options);
  return build(kind, options);
}

function build(kind: keyof typeof OPTIONS, options: ReadonlyMap<string, string>): RunMount {
  const target = options.get("target");
  if (kind === "secret" || kind === "ssh") {
    return {
      type: kind,
      id: options.get("id"),
      target,
      env: options.get("env"),
      required: flag(options, "required"),
      ...ownership(options),
    };
  }
  if (!target) throw mountFault(`a mount of type ${kind} needs a target`, "Add target=/path.");
  if (kind === "tmpfs") return { type: kind, target, size: sizeOf(options.get("size")) };
  const common = { target, source: options.get("source") ?? "", from: options.get("from") };
  if (kind === "bind") return { type: kind, ...common, readWrite: flag(options, "readwrite") };
  const sharing = options.get("sharing") ?? "shared";
  if (sharing !== "shared" && sharing !== "private" && sharing !== "locked") {
    throw mountFault(`"${sharing}" is no way to share a cache`, "It is shared, private or locked.");
  }
  const readOnly = flag(options, "readonly");
  return { type: kind, ...common, id: options.get("id"), sharing, readOnly, ...ownership(options) };
}

/** "type=cache,target=/root" as CSV: an option with a comma in it stands in double quotes. */
function readOptions(text: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const [, quoted, plain] of text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    const field = (quoted?.replaceAll('""', '"') ?? plain ?? "").trim();
    const equals = field.indexOf("=");
    const written = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    const name = ALIASES[written] ?? written;
    if (equals < 0 && !["readwrite", "readonly", "required"].includes(name)) {
      throw mountFault(`"${field}" in --mount is not name=value`);
    }
    options.set(name, equals < 0 ? "true" : field.slice(equals + 1));
  }
  return options;
}

function checkNames(kind: keyof typeof OPTIONS, options: ReadonlyMap<string, string>): void {
  const known: readonly string[] = OPTIONS[kind];
  for (const name of options.keys()) {
    if (name === "type" || known.includes(name)) continue;
    const near = closest(name, known);
    throw mountFault(
      `a mount of type ${kind} has no option "${name}"`,
      near ? `did you mean "${near}"?` : `It knows ${known.join(", ")}.`,
    );
  }
}

function flag(options: ReadonlyMap<string, string>, name: string): boolean {
  const value = (options.get(name) ?? "false").toLowerCase();
  if (!["true", "1", "false", "0"].includes(value)) throw mountFault(`${name} is true or false`);
  return value === "true" || value === "1";
}

function ownership(options: ReadonlyMap<string, string>) {
  const number = (name: string, base: number) => {
    const text = options.get(name);
    if (text === undefined) return undefined;
    const value = Number.parseInt(text, base);
    if (!/^[0-9]+$/.test(text) || Number.isNaN(value)) throw mountFault(`${name}=${text} is no number`);
    return value;
  };
  return { mode: number("mode", 8), uid: number("uid", 10), gid: number("gid", 10) };
}

function sizeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const size = parseByteSize(text);
  if (size === undefined) throw mountFault(`size=${text} is no size`, "Write it like size=64m.");
  return Number(size);
}

function mountFault(message: string, hint?: string): SyntaxFault {
  return new SyntaxFault("dockerfile-mount", message, hint === undefined ? {} : { hint });
}
