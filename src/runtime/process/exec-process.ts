import { CAPABILITIES } from "../spec/capabilities.ts";
import { readLayerFile } from "../spec/layer-files.ts";
import type { OciProcess } from "../spec/oci-spec.ts";
import { type ResolvedUser, resolveUser } from "../spec/user.ts";

/** What `exec` may change against the container's own program. */
export type ExecSettings = {
  readonly argv: readonly string[];
  readonly terminal: boolean;
  readonly environment: Readonly<Record<string, string>>;
  /** "name:group", resolved in the container's files. */
  readonly user?: string;
  readonly workingDirectory?: string;
  readonly privileged: boolean;
};

/** The process to run in a container: as the container's own, but for what was given. */
export function execProcess(
  own: OciProcess,
  settings: ExecSettings,
  layerDirectories: readonly string[],
): OciProcess {
  const user =
    settings.user === undefined
      ? undefined
      : resolveUser(settings.user, [], {
          passwd: readLayerFile(layerDirectories, "etc/passwd"),
          group: readLayerFile(layerDirectories, "etc/group"),
        });
  const chosen = user ?? own.user;
  return {
    ...own,
    terminal: settings.terminal,
    args: settings.argv,
    env: environment(own.env, settings, user),
    cwd: settings.workingDirectory ?? own.cwd,
    user: { uid: chosen.uid, gid: chosen.gid, additionalGids: chosen.additionalGids },
    capabilities: capabilitiesFor(own, settings, chosen.uid),
  };
}

/** The container's variables, with the home of another user, a terminal's type, and what was given. */
function environment(
  own: readonly string[],
  { environment, terminal }: ExecSettings,
  user: ResolvedUser | undefined,
): string[] {
  const variables = new Map(own.map((entry) => splitEntry(entry)));
  if (user) variables.set("HOME", user.home);
  if (terminal && !variables.has("TERM")) variables.set("TERM", "xterm");
  for (const [name, value] of Object.entries(environment)) variables.set(name, value);
  return [...variables].map(([name, value]) => `${name}=${value}`);
}

function splitEntry(entry: string): [name: string, value: string] {
  const at = entry.indexOf("=");
  return at < 0 ? [entry, ""] : [entry.slice(0, at), entry.slice(at + 1)];
}

/** A user other than root has the container's capabilities within its bounds only, as the kernel would have it. */
function capabilitiesFor(own: OciProcess, { privileged }: ExecSettings, uid: number) {
  const bounding = privileged ? CAPABILITIES : own.capabilities.bounding;
  const effective = uid === 0 ? bounding : [];
  return { bounding, effective, permitted: effective, inheritable: [], ambient: [] };
}
