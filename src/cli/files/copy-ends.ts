import { posix } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import type { ObservedContainer } from "../../project/index.ts";
import { containersOf } from "../containers/select.ts";
import type { Session } from "../session.ts";

/** One end of a copy as it is written on the command line. */
export type WrittenEnd = { readonly service?: string; readonly path: string };

/** "SERVICE:PATH", a path on this host, or "-". A path of the host with a colon begins with "/" or ".". */
export function parseEnd(text: string): WrittenEnd {
  const colon = text.indexOf(":");
  if (colon <= 0 || text.startsWith("/") || text.startsWith(".")) return { path: text };
  return { service: text.slice(0, colon), path: text.slice(colon + 1) };
}

/** The absolute path, with the slash or dot at its end that says a directory, or what is in it, is meant. */
export function absolutePath(workingDirectory: string, path: string): string {
  const resolved = posix.resolve(workingDirectory, path);
  if (/(?:^|\/)\.\/*$/.test(path)) return `${posix.join(resolved, "/")}.`;
  return path.endsWith("/") ? posix.join(resolved, "/") : resolved;
}

export type ContainerChoice = { readonly index?: number; readonly all?: boolean };

/** The containers of a service that a command about files is about, by number; it does not matter whether they run. */
export function chosenContainers(
  session: Session,
  service: string,
  { index, all }: ContainerChoice,
): readonly ObservedContainer[] {
  const present = containersOf(session, [service]).filter(({ record }) => all || !record.oneOff);
  const chosen = index === undefined ? present : present.filter(({ record }) => record.number === index);
  if (chosen.length > 0) return chosen;
  const which =
    index === undefined
      ? `service ${service} has no container`
      : `service ${service} has no container ${index}`;
  const numbers = present.map(({ record }) => record.number).join(", ");
  throw new GantryError("no-such-container", which, {
    hint: numbers === "" ? `\`gantry create ${service}\` makes one.` : `There is ${numbers}.`,
  });
}

/** The one container that a command reads: number `index`, else the first. */
export const chosenContainer = (session: Session, service: string, index?: number): ObservedContainer =>
  chosenContainers(session, service, { index })[0]!;
