import { GantryError } from "../../lib/diagnostic.ts";
import { type ContainerEvent, readJournal } from "../../supervisor/index.ts";
import { followEvents } from "../attached/follow-events.ts";
import { containersOf } from "../containers/select.ts";
import { projectNameOf } from "../load/project-name.ts";
import { momentOf } from "../option-values.ts";
import { eventJson, eventText } from "../render/event-text.ts";
import { defineVerb } from "../verb.ts";

type EventsOptions = { readonly json?: boolean; readonly since?: number; readonly until?: number };

/** `gantry events` */
export const events = defineVerb<EventsOptions>({
  name: "events",
  summary: "Show what happens to containers, as it happens",
  declare: (command) =>
    command
      .argument("[services...]")
      .option("--json", "One JSON object a line")
      .option(
        "--since <time>",
        "Also what happened from this time on (a date, or 42m for 42 minutes ago)",
        momentOf,
      )
      .option("--until <time>", "Only up to this time", momentOf),
  run: async (session, services, { json, since = Date.now(), until = Number.POSITIVE_INFINITY }) => {
    const name = projectNameOf(session);
    const containers = containersOf(session, services);
    const tell = (event: ContainerEvent) => {
      if (services.length > 0 && !services.includes(event.container.service)) return;
      if (event.time <= until) session.stdout.write(json ? eventJson(event) : eventText(event));
    };
    if (until <= Date.now()) {
      for (const event of readJournal(session.roots, name)) if (event.time >= since) tell(event);
      return undefined;
    }
    if (containers.length === 0) {
      throw new GantryError("not-running", `project ${name} has no containers to hear of`, {
        hint: "`gantry up -d` creates and starts them.",
      });
    }
    const following = followEvents(session, name, since, tell);
    await (until === Number.POSITIVE_INFINITY ? following : Promise.race([following, moment(until)]));
    return 0;
  },
});

/** Resolves at a time, in Unix milliseconds; a timer alone waits 24 days at the most. */
async function moment(time: number): Promise<void> {
  const longest = 2 ** 31 - 1;
  while (Date.now() < time) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(time - Date.now(), longest)));
  }
}
