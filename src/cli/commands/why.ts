import { Option } from "commander";
import { GantryError } from "../../lib/diagnostic.ts";
import { readJournal } from "../../supervisor/index.ts";
import { containersOf } from "../containers/select.ts";
import { projectNameOf } from "../load/project-name.ts";
import { wholeNumber } from "../option-values.ts";
import { defineVerb } from "../verb.ts";
import { histories } from "../why/history.ts";
import { whyJson } from "../why/why-json.ts";
import { whyText } from "../why/why-text.ts";

type WhyOptions = { readonly format: "text" | "json"; readonly index?: number };

/** `gantry why` */
export const why = defineVerb<WhyOptions>({
  name: "why",
  summary: "Say what started, recreated, restarted or stopped containers",
  declare: (command) =>
    command
      .argument("[services...]")
      .addOption(
        new Option("--format <format>", "Format of the output").choices(["text", "json"]).default("text"),
      )
      .option("--index <number>", "Number of the container", wholeNumber),
  run: (session, services, { format, index }) => {
    const name = projectNameOf(session);
    const containers = containersOf(session, services);
    const isMeant = (one: { readonly service: string; readonly number: number }) =>
      (services.length === 0 || services.includes(one.service)) && (index ?? one.number) === one.number;
    const events = readJournal(session.roots, name).filter(({ container }) => isMeant(container));
    const found = histories(
      events,
      containers.filter(({ record }) => isMeant(record)),
    );
    if (found.length === 0) {
      throw new GantryError("no-such-container", "nothing is known of such a container", {
        hint: "`gantry ps -a` shows what there is; what a project did is forgotten when it is taken down.",
      });
    }
    const width = session.stdout.isTerminal
      ? process.stdout.columns || Number.POSITIVE_INFINITY
      : Number.POSITIVE_INFINITY;
    session.stdout.write(format === "json" ? whyJson(found) : whyText(found, Date.now(), width));
    return undefined;
  },
});
