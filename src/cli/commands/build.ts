import { type BuildOptions, declareBuild } from "../build/options.ts";
import { buildPath, isContext } from "../build/path-build.ts";
import { buildCommand } from "../build/service-build.ts";
import { defineVerb } from "../verb.ts";

/** `gantry build` */
export const build = defineVerb<BuildOptions>({
  name: "build",
  honoursParallel: true,
  summary: "Build images of services, or one image: gantry build PATH",
  refusesDryRun: true,
  declare: declareBuild,
  run: (session, operands, options) => {
    const context = operands.find(isContext);
    return context === undefined
      ? buildCommand(session, operands, options)
      : buildPath(session, context, options);
  },
});
