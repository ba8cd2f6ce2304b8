import { randomBytes } from "node:crypto";
import { openDatabase } from "../../../lib/database.ts";
import { createVolume } from "../../../project/index.ts";
import { labelOf } from "../../option-values.ts";
import { defineVerb } from "../../verb.ts";

type Options = {
  readonly driver?: string;
  readonly opt?: Readonly<Record<string, string>>;
  readonly label?: Readonly<Record<string, string>>;
};

/** `gantry volume create` */
export const volumeCreate = defineVerb<Options>({
  name: "create",
  summary: "Create a volume; one that is there already is left as it is",
  refusesDryRun: true,
  declare: (command) =>
    command
      .argument("[name]")
      .option("-d, --driver <driver>", "Driver of the volume: local")
      .option("-o, --opt <key=value>", "Option of the driver (type, device, o); may be repeated", labelOf)
      .option("--label <key=value>", "Add a label; may be repeated", labelOf),
  run: async (session, [given], { driver, opt, label }) => {
    const name = given ?? randomBytes(32).toString("hex");
    using database = openDatabase(session.roots);
    await createVolume(session.roots, database, undefined, { name, driver, driver_opts: opt, labels: label });
    session.stdout.write(`${name}\n`);
    return undefined;
  },
});
