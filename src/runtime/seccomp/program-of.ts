import type { OciSeccomp } from "../spec/oci-spec.ts";
import { compileSeccomp } from "./compile.ts";

/** Filters differ only by the containers' capabilities and profiles: a project has few. */
const MOST_KEPT = 16;
const compiled = new Map<string, Buffer>();

/** The BPF program of a filter; compiled once for all containers that have the same one. */
export function programOf(filter: OciSeccomp): Buffer {
  const key = JSON.stringify(filter);
  const known = compiled.get(key);
  if (known) return known;
  if (compiled.size >= MOST_KEPT) compiled.clear();
  const program = compileSeccomp(filter);
  compiled.set(key, program);
  return program;
}
