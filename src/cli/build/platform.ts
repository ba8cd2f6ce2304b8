import type { Project } from "../../compose/index.ts";
import { hostPlatform, type Platform, parsePlatform, runsOn } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { USAGE_EXIT_CODE } from "../exit-codes.ts";
import type { Session } from "../session.ts";
import { remark } from "../tell.ts";
import type { BuildOptions } from "./options.ts";

/** What a single image is for: `--platform`, else DOCKER_DEFAULT_PLATFORM, else this machine. */
export function givenPlatform(session: Session, { platform }: BuildOptions): Platform | undefined {
  const text = platform ?? session.environment["DOCKER_DEFAULT_PLATFORM"];
  if (!text) return undefined;
  if (!text.includes(",")) return parsePlatform(text);
  throw new GantryError("usage", `--platform ${text}: an image here is for one platform`, {
    hint: "Build them one by one, each with a tag of its own.",
    exitCode: USAGE_EXIT_CODE,
  });
}

/** What a service's image is for: of several `platforms:` the service's own, or this machine's. */
export function servicePlatform(
  session: Session,
  project: Project,
  service: string,
  options: BuildOptions,
): Platform | undefined {
  const { platform, build } = project.services[service]!;
  const listed = (build?.platforms ?? []).map(parsePlatform);
  const chosen =
    platform === undefined ? (givenPlatform(session, options) ?? fitting(listed)) : parsePlatform(platform);
  if (listed.length > 1) {
    const text = `service ${service}: of its ${listed.length} platforms one is built, since an image here is for one`;
    remark(session, text);
  }
  return chosen;
}

function fitting(listed: readonly Platform[]): Platform | undefined {
  return listed.some((one) => runsOn(one, hostPlatform())) ? undefined : listed[0];
}
