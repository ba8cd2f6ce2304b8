import { projectContainers, projectNames, readProject } from "../../project/index.ts";
import type { ContainerStatus } from "../../runtime/index.ts";
import { collect, filterValue } from "../option-values.ts";
import { declareFormat, formatted } from "../render/formatted.ts";
import { renderTable } from "../render/table.ts";
import type { Session } from "../session.ts";
import { defineVerb } from "../verb.ts";

type LsOptions = {
  readonly all?: boolean;
  readonly quiet?: boolean;
  readonly format: string;
  readonly filter?: readonly string[];
};

type ProjectLine = { readonly Name: string; readonly Status: string; readonly ConfigFiles: string };

/** `gantry ls` */
export const ls = defineVerb<LsOptions>({
  name: "ls",
  summary: "List running projects",
  declare: (command) =>
    declareFormat(command)
      .option("-a, --all", "Stopped ones too")
      .option("-q, --quiet", "Only names")
      .option("--filter <filter>", "Only projects with a property (name=shop)", collect),
  run: (session, _operands, options) => {
    const names = (options.filter ?? []).map((filter) => filterValue(filter, "name"));
    const lines = projectLines(session, options.all ?? false).filter(
      ({ Name }) => names.length === 0 || names.some((name) => Name.includes(name)),
    );
    session.stdout.write(printed(lines, options));
    return undefined;
  },
});

function printed(lines: readonly ProjectLine[], { quiet, format }: LsOptions): string {
  if (quiet) return lines.map(({ Name }) => `${Name}\n`).join("");
  const rows = lines.map(({ Name, Status, ConfigFiles }) => [Name, Status, ConfigFiles]);
  return formatted(lines, format, {
    table: () => renderTable(["NAME", "STATUS", "CONFIG FILES"], rows),
    json: () => `${JSON.stringify(lines)}\n`,
  });
}

function projectLines(session: Session, all: boolean): ProjectLine[] {
  const lines: ProjectLine[] = [];
  for (const name of projectNames(session.roots)) {
    const statuses = projectContainers(session.roots, name).map(({ status }) => status);
    if (statuses.length === 0 && !all) continue;
    if (!all && !statuses.some((status) => status !== "exited" && status !== "created")) continue;
    const configFiles = readProject(session.roots, name)?.configFiles ?? [];
    lines.push({ Name: name, Status: statusSummary(statuses), ConfigFiles: configFiles.join(",") });
  }
  return lines;
}

/** "running(2), exited(1)": how many containers are in each state, in alphabetical order. */
export function statusSummary(statuses: readonly ContainerStatus[]): string {
  const counts = new Map<string, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .sort()
    .map(([status, count]) => `${status}(${count})`)
    .join(", ");
}
