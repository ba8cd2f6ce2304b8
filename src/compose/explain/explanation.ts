import type { Position } from "../../lib/diagnostic.ts";
import type { KeyPath } from "../document/key-path.ts";
import type { ReplacedBy } from "../document/node.ts";
import type { Plain } from "../document/plain.ts";

/** What `explain` says of a path. `path` is the path as people write it. */
export type Explanation =
  | {
      readonly kind: "value";
      readonly path: string;
      readonly keys: KeyPath;
      readonly value: Plain;
      /** What was given for it, in order: first what counts, then what that replaced, each hiding the next. */
      readonly history: readonly [Candidate, ...Candidate[]];
    }
  /** Was there, and is gone: `!reset` at a place, or something above it was replaced as a whole. */
  | {
      readonly kind: "removed";
      readonly path: string;
      readonly keys: KeyPath;
      readonly at?: Position;
      readonly history: readonly [Candidate, ...Candidate[]];
    }
  /** Is not in the model. `within` is the part of the path that is, and `keys` is what can follow it. */
  | {
      readonly kind: "unknown";
      readonly path: string;
      readonly within: string;
      readonly missing: string;
      readonly keys: readonly string[];
    };

/** A value that was given for a path. */
export type Candidate = {
  readonly value: Plain;
  /** Where it was written; for what nobody wrote, where that is which it belongs to. */
  readonly position?: Position;
  /** The line it stands on, without the spaces around. */
  readonly line?: string;
  /** Nobody wrote it: why it is there. */
  readonly implied?: string;
  /** The variables in its text, with everywhere they are set, the place that counts first. */
  readonly variables: readonly ExplainedVariable[];
  /** The aliases and extends by which it came, nearest to where it was written first. */
  readonly through: readonly { readonly kind: string; readonly name: string; readonly position: Position }[];
  /** By which rule it lost to the candidate before it; the first has none. */
  readonly replacedBy?: ReplacedBy | "reset" | "project-name";
};

/** A variable of a candidate's text. */
export type ExplainedVariable = {
  readonly name: string;
  readonly use: "value" | "default" | "alternative" | "unset";
  readonly sources: readonly {
    readonly from: "shell" | "file" | "project";
    readonly value: string;
    readonly position?: Position;
  }[];
};
