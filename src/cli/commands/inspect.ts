import { GantryError } from "../../lib/diagnostic.ts";
import { type ObservedContainer, projectContainers } from "../../project/index.ts";
import { readContainers } from "../../runtime/index.ts";
import { containersOf } from "../containers/select.ts";
import { inspectContainer } from "../inspect/container-inspection.ts";
import { wholeNumber } from "../option-values.ts";
import type { Session } from "../session.ts";
import { defineVerb } from "../verb.ts";

/** `gantry inspect` */
export const inspect = defineVerb<{ readonly index?: number }>({
  name: "inspect",
  summary: "Show everything known about containers, as JSON",
  declare: (command) =>
    command
      .argument("[services...]", "Services, or names or ids of containers of any project")
      .option("--index <number>", "Number of the container", wholeNumber),
  run: (session, names, { index }) => {
    const isMeant = ({ record }: ObservedContainer) => (index ?? record.number) === record.number;
    const found = (
      names.length === 0 ? containersOf(session, []) : names.flatMap((name) => named(session, name))
    )
      .filter(isMeant)
      .map((container) => inspectContainer(session.roots, container));
    if (found.length === 0) {
      throw new GantryError("no-such-container", "there is no such container", {
        hint: "`gantry ps -a` shows what there is.",
      });
    }
    session.stdout.write(`${JSON.stringify(found, undefined, 4)}\n`);
    return undefined;
  },
});

/** A container by its name or the beginning of its id, whatever project it is of; else the containers of a service. */
function named(session: Session, name: string): readonly ObservedContainer[] {
  const matching = readContainers(session.roots).filter(
    ({ record }) => record.name === name || (/^[0-9a-f]{4,64}$/.test(name) && record.id.startsWith(name)),
  );
  if (matching.length > 1) {
    throw new GantryError("ambiguous-container", `${name} is the beginning of ${matching.length} ids`, {
      hint: `Give more of it: ${matching.map(({ record }) => record.id.slice(0, 12)).join(", ")}.`,
    });
  }
  const [only] = matching;
  if (!only) return containersOf(session, [name]);
  return projectContainers(session.roots, only.record.project).filter(
    ({ record }) => record.id === only.record.id,
  );
}
