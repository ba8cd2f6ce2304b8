export { parseDockerfile } from "./dockerfile/parse.ts";
