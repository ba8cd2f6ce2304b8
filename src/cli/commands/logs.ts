import { GantryError } from "../../lib/diagnostic.ts";
import { linePrinter } from "../containers/line-printer.ts";
import { type Predecessors, predecessors } from "../containers/predecessors.ts";
import { printFollowing, printFormer, printStored } from "../containers/print-logs.ts";
import { containersOf } from "../containers/select.ts";
import { momentOf, tailLines, wholeNumber } from "../option-values.ts";
import { defineVerb } from "../verb.ts";

/** Options of `logs`, as commander gives them. */
export type LogsOptions = {
  readonly follow?: boolean;
  readonly tail: number;
  readonly since?: number;
  readonly until?: number;
  readonly timestamps?: boolean;
  readonly logPrefix: boolean;
  readonly color: boolean;
  readonly index?: number;
  readonly previous?: boolean;
};

const NOBODY: Predecessors = new Map();

/** `gantry logs` */
export const logs = defineVerb<LogsOptions>({
  name: "logs",
  summary: "Show the output of containers",
  declare: (command) =>
    command
      .argument("[services...]")
      .option("-f, --follow", "Go on as more comes")
      .option(
        "-n, --tail <lines>",
        "Only the last lines of each container",
        tailLines,
        Number.POSITIVE_INFINITY,
      )
      .option(
        "--since <time>",
        "Only from this time on (2026-01-31T10:00:00Z, or 42m for 42 minutes ago)",
        momentOf,
      )
      .option("--until <time>", "Only up to this time", momentOf)
      .option("-t, --timestamps", "With the time of each line")
      .option("--no-log-prefix", "Without the containers' names")
      .option("--no-color", "Without colours")
      .option("--index <number>", "Number of the container", wholeNumber)
      .option("--previous", "Also what the containers wrote that these have replaced"),
  run: async (session, services, options) => {
    const all = containersOf(session, []);
    const containers = containersOf(session, services).filter(
      ({ record }) => !record.oneOff && (options.index ?? record.number) === record.number,
    );
    if (options.index !== undefined && containers.length === 0) {
      throw new GantryError("no-such-container", `no service here has a container ${options.index}`, {
        hint: "`gantry ps -a` shows which there are.",
      });
    }
    const former = options.previous ? predecessors(session.roots, containers) : NOBODY;
    const print = linePrinter(session, {
      project: containers[0]?.record.project ?? "",
      services: all.map(({ record }) => record.service),
      names: containers.map(({ record }) => record.name),
      prefix: options.logPrefix,
      color: options.color,
      timestamps: options.timestamps ?? false,
    });
    if (options.follow) {
      printFormer(containers, former, options, print);
      await printFollowing(session, containers, options, print);
    } else printStored(session, containers, former, options, print);
    return undefined;
  },
});
