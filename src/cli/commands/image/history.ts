import { type HistoryStep, imageHistory } from "../../../image/index.ts";
import { humanSize } from "../../render/byte-size.ts";
import { roughAge } from "../../render/duration.ts";
import { renderTable } from "../../render/table.ts";
import { defineVerb } from "../../verb.ts";
import { withImageStore } from "./store.ts";

type HistoryOptions = { readonly trunc: boolean; readonly quiet?: boolean };

const WIDEST_COMMAND = 45;

/** `gantry image history` */
export const imageHistoryVerb = defineVerb<HistoryOptions>({
  name: "history",
  summary: "Show the steps an image was made of",
  declare: (command) =>
    command.argument("<image>").option("--no-trunc", "Whole commands").option("-q, --quiet", "Only commands"),
  run: async (session, [name], { trunc, quiet }) => {
    const steps = await withImageStore(session, (store) => imageHistory(store, name!));
    const commands = steps.map((step) => commandOf(step, trunc));
    if (quiet) session.stdout.write(commands.map((command) => `${command}\n`).join(""));
    else {
      const rows = steps.map((step, index) => [
        ageOf(step),
        commands[index]!,
        humanSize(step.size),
        step.comment,
      ]);
      session.stdout.write(renderTable(["CREATED", "CREATED BY", "SIZE", "COMMENT"], rows));
    }
    return undefined;
  },
});

function commandOf({ createdBy }: HistoryStep, shorten: boolean): string {
  const line = createdBy.replace(/\s+/g, " ").trim();
  return shorten && line.length > WIDEST_COMMAND ? `${line.slice(0, WIDEST_COMMAND - 1)}…` : line;
}

function ageOf({ created }: HistoryStep): string {
  const time = Date.parse(created ?? "");
  return Number.isNaN(time) ? "N/A" : roughAge(time, Date.now());
}
