import { type BuildOptions, declareBuild } from "../build/options.ts";
import { buildPath, isContext } from "../build/path-build.ts";
import { defineVerb } from "../verb.ts";

/** `gantry build` */
export const build = defineVerb<BuildOptions>({
  name: "build",
  summary: "Build images of services, or one image: gantry build PATH",
  declare: declareBuild,
  run: (session, operands, options) => buildPath(session, operands.find(isContext) ?? ".", options),
});
