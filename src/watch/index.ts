export type { WatchDoor, WatchEvent, WatchedContainer, WatchHook } from "./contract.ts";
export { type WatchRule, watchRules } from "./rules/watch-rules.ts";
export type { Bases } from "./session/service-watch.ts";
export { WatchSession } from "./session/watch-session.ts";
