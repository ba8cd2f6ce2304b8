export { containerChanges, type FileChange } from "./changes.ts";
export { type CommitOptions, commitContainer } from "./commit.ts";
export { withContainerTree } from "./container-tree.ts";
export { type CopyEnd, copy, copyFromArchive, copyToArchive } from "./copy.ts";
export { exportContainer } from "./export.ts";
export { HeldDirectory } from "./held-directory.ts";
