import { constants } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { findProgram, mayUse } from "../doctor/find-program.ts";

/** Where Docker's command line has its plugins, its user's own first. */
const PLUGIN_DIRECTORIES = [
  "/usr/local/lib/docker/cli-plugins",
  "/usr/local/libexec/docker/cli-plugins",
  "/usr/lib/docker/cli-plugins",
  "/usr/libexec/docker/cli-plugins",
];

type Environment = Readonly<Record<string, string | undefined>>;

/** A plugin of Docker's command line, such as docker-model: where those are, or in PATH. */
export function findPlugin(name: string, environment: Environment): string | undefined {
  const configuration = environment["DOCKER_CONFIG"] || join(environment["HOME"] || homedir(), ".docker");
  const places = [join(configuration, "cli-plugins"), ...PLUGIN_DIRECTORIES];
  return (
    places.map((place) => join(place, name)).find((path) => mayUse(path, constants.X_OK)) ??
    findProgram(name, environment)
  );
}

/** The program of a provider: the plugin docker-<type>, else the program <type>. */
export function findProvider(type: string, environment: Environment): string | undefined {
  // A path would run whatever lies there, and the type is a name.
  if (!/^[A-Za-z0-9][\w.-]*$/.test(type)) return undefined;
  return findPlugin(`docker-${type}`, environment) ?? findProgram(type, environment);
}
