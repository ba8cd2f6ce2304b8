import { GantryError } from "../../lib/diagnostic.ts";
import type { OciSeccomp, OciSeccompRule } from "../spec/oci-spec.ts";
import { actionValue } from "./action.ts";
import { architecturesOf } from "./architecture.ts";
import { matchArguments } from "./arguments.ts";

/** Docker's profile format: the specification's, with conditions on capabilities and architectures. */
type ProfileRule = OciSeccompRule & {
  readonly name?: string;
  readonly includes?: Condition;
  readonly excludes?: Condition;
};
type Condition = { readonly caps?: readonly string[]; readonly arches?: readonly string[] };
type Profile = {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly syscalls?: readonly ProfileRule[];
};

/** Docker's names of machines, by Node's. */
const MACHINES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** A custom profile as the filter for a container with these capabilities on this machine (process.arch). */
export function parseProfile(text: string, capabilities: readonly string[], machine: string): OciSeccomp {
  const profile = parseJson(text);
  const rules = (profile.syscalls ?? []).filter(
    ({ includes, excludes }) =>
      (includes?.caps ?? []).every((name) => capabilities.includes(name)) &&
      (includes?.arches?.includes(MACHINES[machine]!) ?? true) &&
      !(excludes?.caps ?? []).some((name) => capabilities.includes(name)) &&
      !(excludes?.arches?.includes(MACHINES[machine]!) ?? false),
  );
  const filter: OciSeccomp = {
    defaultAction: profile.defaultAction,
    defaultErrnoRet: profile.defaultErrnoRet,
    architectures: architecturesOf(machine).map(({ name }) => name),
    syscalls: rules.map(({ name, names, action, errnoRet, args }) => ({
      names: names ?? (name === undefined ? [] : [name]),
      action,
      errnoRet,
      args,
    })),
  };
  checkFilter(filter);
  return filter;
}

function parseJson(text: string): Profile {
  try {
    const profile = JSON.parse(text) as Profile | null;
    if (typeof profile?.defaultAction === "string") return profile;
  } catch (cause) {
    throw malformed("is not JSON", cause);
  }
  throw malformed("has no defaultAction");
}

/** Unknown actions and comparisons are found here, before a container is made of the filter. */
function checkFilter({ defaultAction, syscalls }: OciSeccomp): void {
  actionValue({ action: defaultAction });
  for (const rule of syscalls) matchArguments(rule.args ?? [], actionValue(rule));
}

function malformed(what: string, cause?: unknown): GantryError {
  return new GantryError("bad-seccomp-profile", `the seccomp profile ${what}`, {
    cause,
    hint: "give the profile's JSON, or seccomp=unconfined for none",
  });
}
