import type { Op } from "../../lib/launch-plan/index.ts";
import type { UplinkLease } from "../island/uplink-lease.ts";
import { pastaUplink } from "./pasta.ts";
import { slirpUplink } from "./slirp.ts";

/** Where the programs are that lead an ordinary user's projects out, each absent when it is not there. */
export type UplinkPrograms = { readonly pasta?: string; readonly slirp4netns?: string };

/** The uplink of an ordinary user, who may not put a link into the host's namespace; none without a program. */
export function userUplink(programs: UplinkPrograms, lease: UplinkLease, readyPath: string): Op[] {
  if (programs.pasta !== undefined) return pastaUplink(programs.pasta, lease, readyPath);
  return programs.slirp4netns === undefined ? [] : slirpUplink(programs.slirp4netns, lease, readyPath);
}
