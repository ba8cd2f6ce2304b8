import { InvalidArgumentError } from "commander";
import type { ObservedContainer } from "../../project/index.ts";
import { psJson } from "../containers/ps-json.ts";
import { psTable } from "../containers/ps-table.ts";
import { containersOf } from "../containers/select.ts";
import { loadModel } from "../load/load-model.ts";
import { collect, filterValue } from "../option-values.ts";
import { declareFormat, formatted } from "../render/formatted.ts";
import type { Session } from "../session.ts";
import type { Value } from "../template/syntax.ts";
import { defineVerb } from "../verb.ts";

/** Options of `ps`, as commander gives them. */
export type PsOptions = {
  readonly all?: boolean;
  readonly quiet?: boolean;
  readonly services?: boolean;
  readonly format: string;
  readonly status?: readonly string[];
  readonly filter?: readonly string[];
  readonly orphans: string | boolean;
  readonly trunc: boolean;
};

const STATUSES = ["created", "running", "paused", "restarting", "exited", "dead"];

function collectStatus(status: string, earlier: readonly string[] | undefined): string[] {
  if (STATUSES.includes(status)) return collect(status, earlier);
  throw new InvalidArgumentError(`Containers are ${STATUSES.join(", ")}.`);
}

/** `gantry ps` */
export const ps = defineVerb<PsOptions>({
  name: "ps",
  summary: "List containers",
  declare: (command) =>
    declareFormat(command)
      .argument("[services...]")
      .option("-a, --all", "Stopped ones and those of `run` too")
      .option("-q, --quiet", "Only ids")
      .option("--services", "Only names of services")
      .option("--status <status>", "Only containers in this state; may be repeated", collectStatus)
      .option("--filter <filter>", "Only containers with a property (status=running)", collect)
      .option("--orphans [boolean]", "Containers of services the file does not have too", true)
      .option("--no-trunc", "Do not shorten"),
  run: (session, services, options) => {
    const containers = chosenContainers(session, services, options);
    session.stdout.write(printed(containers, options, Date.now()));
    return undefined;
  },
});

function chosenContainers(
  session: Session,
  services: readonly string[],
  options: PsOptions,
): readonly ObservedContainer[] {
  const containers = containersOf(session, services);
  const declared =
    options.orphans === "false"
      ? new Set(Object.keys(loadModel(session, { silent: true, allProfiles: true }).project.services))
      : undefined;
  return shownContainers(containers, options).filter(
    ({ record }) => !declared || declared.has(record.service),
  );
}

/** Which containers `ps` shows: those that are up; with `-a` all; with `--status` those in one of these states. */
export function shownContainers(
  containers: readonly ObservedContainer[],
  options: Pick<PsOptions, "all" | "status" | "filter">,
): readonly ObservedContainer[] {
  const filtered = (options.filter ?? []).map((filter) => filterValue(filter, "status"));
  const statuses = [...(options.status ?? []), ...filtered];
  if (statuses.length > 0) return containers.filter(({ status }) => statuses.includes(status));
  if (options.all) return containers;
  return containers.filter(
    ({ status, record }) => !record.oneOff && ["running", "paused", "restarting"].includes(status),
  );
}

function printed(containers: readonly ObservedContainer[], options: PsOptions, now: number): string {
  if (options.quiet) return containers.map(({ record }) => `${record.id}\n`).join("");
  if (options.services) {
    return [...new Set(containers.map(({ record }) => record.service))].map((name) => `${name}\n`).join("");
  }
  const rows = containers.map((container) => psJson(container, now));
  const withMethods = rows.map((row, index) => {
    const { labels } = containers[index]!.record;
    return { ...row, Label: (name: Value) => labels[String(name)] ?? "" };
  });
  return formatted(withMethods, options.format, {
    table: () => psTable(containers, now, options.trunc),
    json: () => rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
  });
}
