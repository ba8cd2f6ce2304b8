import { type DockerfileSource, SyntaxFault } from "./source.ts";

/** Parser directives: the special comments a Dockerfile may begin with. */
export type Directives = {
  /** The character that continues lines and escapes: \ or `. */
  readonly escapeToken: "\\" | "`";
  /** The front end image the file asks for; gantry has its own. */
  readonly syntax?: string;
  /** "skip=JSONArgsRecommended;error=true" */
  readonly check?: string;
  /** How many lines they take. */
  readonly lines: number;
};

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;
const KNOWN = ["syntax", "escape", "check"] as const;
type Name = (typeof KNOWN)[number];

/** Reads the directives, which end with the first line that is none; a fault's offset is the line it is on. */
export function readDirectives({ lines }: DockerfileSource): Directives {
  const found = new Map<Name, string>();
  let count = 0;
  for (const line of lines) {
    const [, key = "", value = ""] = DIRECTIVE.exec(line.trimStart()) ?? [];
    const name = KNOWN.find((known) => known === key.toLowerCase());
    if (name === undefined) break;
    if (found.has(name)) {
      throw new SyntaxFault("dockerfile-directive", `only one ${name} parser directive can be used`, {
        offset: count,
      });
    }
    found.set(name, value);
    count++;
  }
  const escapeToken = found.get("escape") ?? "\\";
  if (escapeToken !== "\\" && escapeToken !== "`") {
    throw new SyntaxFault("dockerfile-directive", `"${escapeToken}" cannot be the escape character`, {
      offset: [...found.keys()].indexOf("escape"),
      hint: "It is \\ or `.",
    });
  }
  return { escapeToken, syntax: found.get("syntax"), check: found.get("check"), lines: count };
}
