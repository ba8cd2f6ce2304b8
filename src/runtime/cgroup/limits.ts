/** One value to be written to a control file; `limit` names it to the user. */
export type LimitWrite = {
  readonly controller: string;
  readonly file: string;
  readonly value: string;
  readonly limit: string;
  /** Another file for the same limit, for a kernel that has not the first (it depends on the I/O scheduler). */
  readonly otherwise?: { readonly file: string; readonly value: string };
};

/** A limit that this version of cgroups has no place for. */
export type ImpossibleLimit = { readonly limit: string; readonly reason: string };

/** What to write, in the order the kernel demands, and what cannot be had. */
export type Limits = {
  readonly writes: readonly LimitWrite[];
  readonly impossible: readonly ImpossibleLimit[];
};

type Value = number | string | undefined;

/** A row of a table of limits: controller, file, value (nothing is written without one), the limit's name. */
export type LimitRow = readonly [controller: string, file: string, value: Value, limit: string];

/** The writes of the rows that have a value. */
export function writesOf(rows: readonly LimitRow[]): LimitWrite[] {
  return rows.flatMap(([controller, file, value, limit]) =>
    value === undefined ? [] : [{ controller, file, value: String(value), limit }],
  );
}

/** A limit as the kernel has it, where -1 lifts it. */
export const orMaximum = (limit: number | undefined): number | string | undefined =>
  limit !== undefined && limit < 0 ? "max" : limit;

/** Swap is limited together with memory: alone it would mean nothing. */
export const SWAP_NEEDS_MEMORY: ImpossibleLimit = {
  limit: "swap limit",
  reason: "it counts memory and swap together, and there is no memory limit (mem_limit)",
};
