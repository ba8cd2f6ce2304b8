import { familiarName, listImages, parseReference } from "../../image/index.ts";
import { openDatabase } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { listVolumes, projectContainers, projectNames } from "../../project/index.ts";
import { knownNetworks } from "../commands/network/known-network.ts";
import { type LoadedModel, loadModel } from "../load/load-model.ts";
import type { Session } from "../session.ts";
import type { Names } from "./complete.ts";

/** The names of this machine and of the project here. What cannot be read gives no names. */
export function namesOf(session: Session): Names {
  const modelFor = (globals: Readonly<Record<string, unknown>>): LoadedModel | undefined => {
    const given = { ...session, globals: { ...session.globals, ...globals } };
    return quietly(() => loadModel(given, { silent: true, allProfiles: true }), undefined);
  };
  const containers = () =>
    projectNames(session.roots).flatMap((name) => projectContainers(session.roots, name));
  return {
    services: (globals) => {
      const inFile = Object.keys(modelFor(globals)?.project.services ?? {});
      if (inFile.length > 0) return inFile;
      const project = globals["projectName"];
      const records = containers().filter(({ record }) => record.project === project);
      return [...new Set(records.map(({ record }) => record.service))];
    },
    profiles: (globals) => {
      const services = Object.values(modelFor(globals)?.project.services ?? {});
      return [...new Set(services.flatMap(({ profiles }) => profiles ?? []))].sort();
    },
    containers: () => containers().map(({ record }) => record.name),
    images: () =>
      quietly(() => {
        using database = openDatabase(session.roots);
        const references = listImages({ roots: session.roots, database }).flatMap(
          (image) => image.references,
        );
        return references.map((reference) => familiarName(parseReference(reference)));
      }, []),
    networks: () =>
      quietly(() => {
        using database = openDatabase(session.roots);
        return knownNetworks(session, database).map(({ name }) => name);
      }, []),
    volumes: () =>
      quietly(() => {
        using database = openDatabase(session.roots);
        return listVolumes(database).map(({ name }) => name);
      }, []),
    projects: () => projectNames(session.roots),
  };
}

function quietly<Result>(look: () => Result, otherwise: Result): Result {
  try {
    return look();
  } catch (error) {
    if (error instanceof GantryError) return otherwise;
    throw error;
  }
}
