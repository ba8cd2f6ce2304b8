import { type Project, type UsedVariable, usedVariables, writeYaml } from "../../compose/index.ts";

/** The variables that a project, loaded without interpolation, uses: as a table, or as Docker Compose's JSON or YAML. */
export function variablesText(project: Project, format: string | undefined): string {
  const variables = usedVariables(project);
  if (format === "json") return `${JSON.stringify(byName(variables, asJson), undefined, 4)}\n\n`;
  if (format === "yaml") return writeYaml(byName(variables, asYaml));
  const rows = variables.map((used) => [used.name, used.required, used.defaultValue, used.presenceValue]);
  return [["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"], ...rows].map(tableRow).join("");
}

const byName = (variables: readonly UsedVariable[], change: (used: UsedVariable) => object) =>
  Object.fromEntries(variables.map((used) => [used.name, change(used)]));

const asJson = ({ name, required, defaultValue, presenceValue }: UsedVariable) => ({
  Name: name,
  DefaultValue: defaultValue,
  PresenceValue: presenceValue,
  Required: required,
});

const asYaml = ({ name, required, defaultValue, presenceValue }: UsedVariable) => ({
  name,
  defaultvalue: defaultValue,
  presencevalue: presenceValue,
  required,
});

/** Columns of twenty characters, more where a cell needs it. */
function tableRow(cells: readonly unknown[]): string {
  const [last, ...others] = cells.map(String).reverse();
  return `${others
    .reverse()
    .map((cell) => cell.padEnd(Math.max(20, cell.length + 3)))
    .join("")}${last}\n`;
}
