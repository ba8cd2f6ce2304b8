export type * from "./contract.ts";
export { type FoundFiles, findComposeFiles } from "./discover.ts";
export type { KeyPath } from "./document/key-path.ts";
export type * from "./explain/explanation.ts";
export { dependencyGraph } from "./graph/dependency-graph.ts";
export { loadProject } from "./load.ts";
export type * from "./model.ts";
export { renderAnnotated } from "./render/render-annotated.ts";
export { renderProject } from "./render/render-project.ts";
