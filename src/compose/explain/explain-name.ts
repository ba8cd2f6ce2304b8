import { basename } from "node:path";
import { get, type Node } from "../document/node.ts";
import { sourcesOf, type Variables } from "../environment/variables.ts";
import { candidate, explainVariable, losersOf } from "./candidate.ts";
import type { Candidate, Explanation } from "./explanation.ts";

/** What the project's name is made of. */
export type NameOrigins = {
  readonly name: string;
  /** `--project-name`. */
  readonly given: string | undefined;
  readonly variables: Variables;
  readonly directory: string;
};

/** Says where the name of the project came from: the option, the variable, the files, the directory. */
export function explainName(model: Node, { name, given, variables, directory }: NameOrigins): Explanation {
  const nobody = { variables: [], through: [] };
  const sources = sourcesOf(variables, "COMPOSE_PROJECT_NAME");
  const use = explainVariable({ name: "COMPOSE_PROJECT_NAME", use: "value", sources });
  const written = get(model, "name");
  const [first, ...rest]: Candidate[] = [
    ...(given ? [{ ...nobody, value: given, implied: "given with --project-name" }] : []),
    ...sources.slice(0, 1).map(({ value }) => ({ ...nobody, value, variables: [use] })),
    ...(written ? [candidate(written), ...losersOf(written)] : []),
    { ...nobody, value: basename(directory), implied: "the name of the project directory" },
  ];
  const losers = rest.map((one): Candidate => ({ replacedBy: "project-name", ...one }));
  return { kind: "value", path: "name", keys: ["name"], value: name, history: [first!, ...losers] };
}
