import { Option } from "commander";
import type { ObservedContainer } from "../../project/index.ts";
import { containersOf } from "../containers/select.ts";
import type { Session } from "../session.ts";
import { type Figures, figuresOf } from "../stats/figures.ts";
import { clearScreen, showInPlace } from "../stats/live-table.ts";
import { type Sample, sampleOf } from "../stats/sample.ts";
import { statsTable } from "../stats/stats-table.ts";
import { defineVerb } from "../verb.ts";

type StatsOptions = {
  readonly all?: boolean;
  readonly format: "table" | "json";
  readonly stream: boolean;
  readonly trunc: boolean;
};

/** Between two looks; processor time is what was used in between. */
const INTERVAL = 1000;
const FIRST_INTERVAL = 500;

/** `gantry stats` */
export const stats = defineVerb<StatsOptions>({
  name: "stats",
  summary: "Show what containers use of processor, memory, network and disks",
  declare: (command) =>
    command
      .argument("[services...]")
      .option("-a, --all", "Containers that do not run too")
      .addOption(
        new Option("--format <format>", "Format of the output").choices(["table", "json"]).default("table"),
      )
      .option("--no-stream", "Show it once")
      .option("--no-trunc", "Whole ids"),
  run: async (session, services, options) => {
    const look = () => shown(session, services, options).map((one) => sampleOf(session.roots, one));
    const show = (samples: readonly Sample[], earlier: readonly Sample[]) =>
      print(session, options, pairs(samples, earlier, options.trunc));
    let before = look();
    await pause(FIRST_INTERVAL);
    if (options.stream && options.format === "table") clearScreen(session.stdout);
    do {
      const samples = look();
      show(samples, before);
      before = samples;
    } while (options.stream && (await pause(INTERVAL)));
    return undefined;
  },
});

/** Those there are at this moment: what is started meanwhile is shown too. */
function shown(
  session: Session,
  services: readonly string[],
  { all }: StatsOptions,
): readonly ObservedContainer[] {
  const isShown = ({ status }: ObservedContainer) => all || status === "running" || status === "paused";
  return containersOf(session, services).filter(isShown);
}

function pairs(samples: readonly Sample[], earlier: readonly Sample[], shorten: boolean): Figures[] {
  const before = new Map(earlier.map((sample) => [sample.id, sample]));
  return samples.map((sample) => figuresOf(sample, before.get(sample.id), shorten));
}

function print(session: Session, { format, stream }: StatsOptions, all: readonly Figures[]): void {
  if (format === "json") session.stdout.write(all.map((one) => `${JSON.stringify(one)}\n`).join(""));
  else if (stream) showInPlace(session.stdout, statsTable(all));
  else session.stdout.write(statsTable(all));
}

const pause = (milliseconds: number) =>
  new Promise<true>((resolve) => setTimeout(() => resolve(true), milliseconds));
