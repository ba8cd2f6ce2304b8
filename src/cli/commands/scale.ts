import { GantryError } from "../../lib/diagnostic.ts";
import { USAGE_EXIT_CODE } from "../exit-codes.ts";
import { bringUp } from "../load/bring-up.ts";
import { loadModel } from "../load/load-model.ts";
import { openProjectNamed } from "../load/open-project.ts";
import { scaleOf } from "../option-values.ts";
import { defineVerb } from "../verb.ts";
import { UP_OPTIONS } from "../watch/up-options.ts";

/** `gantry scale` */
export const scale = defineVerb<{ readonly deps: boolean }>({
  name: "scale",
  summary: "Change the number of containers of services",
  declare: (command) =>
    command.argument("<service=number...>").option("--no-deps", "Do not start what the services depend on"),
  run: async (session, operands, { deps }) => {
    const numbers = scaleOfAll(operands);
    const services = Object.keys(numbers);
    const model = loadModel(session, { services });
    using project = openProjectNamed(session, model.project.name);
    await bringUp(session, project, model, services, { ...UP_OPTIONS, deps, scale: numbers });
    return undefined;
  },
});

function scaleOfAll(operands: readonly string[]): Readonly<Record<string, number>> {
  try {
    return operands.reduce<Readonly<Record<string, number>>>((all, one) => scaleOf(one, all), {});
  } catch (error) {
    throw new GantryError("usage", (error as Error).message, { exitCode: USAGE_EXIT_CODE });
  }
}
