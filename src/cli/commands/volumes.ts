import { openDatabase } from "../../lib/database.ts";
import { listVolumes } from "../../project/index.ts";
import { containersOf } from "../containers/select.ts";
import { projectNameOf } from "../load/project-name.ts";
import { declareFormat } from "../render/formatted.ts";
import { defineVerb } from "../verb.ts";
import { volumeListing } from "./volume/listing.ts";

type VolumesOptions = { readonly quiet?: boolean; readonly format: string };

/** `gantry volumes` */
export const volumes = defineVerb<VolumesOptions>({
  name: "volumes",
  summary: "List the volumes of the project",
  declare: (command) => declareFormat(command).argument("[services...]").option("-q, --quiet", "Only names"),
  run: (session, services, { quiet, format }) => {
    const used = new Set(
      containersOf(session, services).flatMap(({ record }) =>
        record.mounts.filter(({ type }) => type === "volume").map(({ source }) => source),
      ),
    );
    using database = openDatabase(session.roots);
    const shown = listVolumes(database, projectNameOf(session)).filter(
      ({ name }) => services.length === 0 || used.has(name),
    );
    session.stdout.write(volumeListing(session, shown, { quiet, format }));
    return undefined;
  },
});
