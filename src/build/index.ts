export { Builder } from "./builder.ts";
export { cacheItems, pruneBuildCache } from "./cache/prune.ts";
export { isGitUrl } from "./context/git.ts";
export { IgnoreRules, readIgnoreFile } from "./context/ignore.ts";
export type * from "./contract.ts";
export { parseDockerfile } from "./dockerfile/parse.ts";
export { checkStyle, isStrict } from "./lint/check-style.ts";
