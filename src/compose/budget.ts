/**
 * What is left, in one load, of things of which a short file can ask for very many: it bounds time and memory. Honest
 * files use a small part.
 */
export type Budget = {
  /** Files that may still be included. */
  includes: number;
  /** Ports that ranges may still be spread into. */
  ports: number;
};

/** The budget of a load that has not begun. */
export const createBudget = (): Budget => ({ includes: 1_000, ports: 140_000 });
