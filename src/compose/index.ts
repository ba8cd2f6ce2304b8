export type * from "./contract.ts";
export { type FoundFiles, findComposeFiles } from "./discover.ts";
export { dependencyGraph } from "./graph/dependency-graph.ts";
export { loadProject } from "./load.ts";
export type * from "./model.ts";
export { renderProject } from "./render/render-project.ts";
