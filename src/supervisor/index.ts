export { OpenProject, openProject } from "./client/open-project.ts";
export type { HostFacts } from "./host-facts.ts";
export { runSupervisor } from "./main.ts";
export * from "./protocol.ts";
