export type * from "./contract.ts";
export type * from "./settings.ts";
