import { GantryError } from "../../lib/diagnostic.ts";
import { type BuildOptions, declareBuild } from "../build/options.ts";
import { buildPath, isContext } from "../build/path-build.ts";
import { buildCommand } from "../build/service-build.ts";
import { USAGE_EXIT_CODE } from "../exit-codes.ts";
import type { Session } from "../session.ts";
import { tellDiagnostics } from "../tell.ts";
import { defineVerb } from "../verb.ts";

/** `gantry build` */
export const build = defineVerb<BuildOptions>({
  name: "build",
  honoursParallel: true,
  summary: "Build images of services, or one image: gantry build PATH",
  declare: declareBuild,
  run: (session, operands, options) => {
    if (options.builder !== undefined && options.builder !== "default")
      warnOfBuilder(session, options.builder);
    refuseAttestations(options);
    const context = operands.find(isContext);
    return context === undefined
      ? buildCommand(session, operands, options)
      : buildPath(session, context, options);
  },
});

/** Docker's builders are daemons and containers of its own; here the one runtime builds. */
function warnOfBuilder(session: Session, name: string): void {
  const message = `--builder ${name} has no effect: gantry builds in its own runtime`;
  tellDiagnostics(session, [{ severity: "warning", code: "no-effect", message }]);
}

/** `--provenance=false` stands in many scripts; anything else asks for what an image would then lack. */
function refuseAttestations(options: BuildOptions): void {
  for (const key of ["provenance", "sbom"] as const) {
    const value = options[key];
    if (value === undefined || /^(false|0)$/i.test(value)) continue;
    throw new GantryError("usage", `--${key} ${value}: gantry makes no attestations`, {
      hint: `Leave it out, or say --${key}=false.`,
      exitCode: USAGE_EXIT_CODE,
    });
  }
}
