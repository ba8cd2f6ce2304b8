export type * from "./contract.ts";
export type * from "./model.ts";
