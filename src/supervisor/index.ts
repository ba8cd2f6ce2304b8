export { OpenProject, openProject } from "./client/open-project.ts";
export type { HostFacts, RootlessFacts } from "./host-facts.ts";
export { readJournal } from "./journal.ts";
export { SUPERVISOR_LOST } from "./lost.ts";
export { runSupervisor } from "./main.ts";
export * from "./protocol.ts";
export type { ClientSpan, TimelineStep } from "./timeline/entry.ts";
export { readTimeline, type Timeline } from "./timeline/read-timeline.ts";
export { warmUpSupervisor } from "./warm-up/warm-up.ts";
