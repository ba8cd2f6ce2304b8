import type { Service } from "../../compose/index.ts";

export type LabelInput = {
  readonly project: string;
  readonly service: string;
  readonly number: number;
  readonly oneOff: boolean;
  readonly imageId: string;
  readonly configHash: string;
  readonly workingDirectory: string;
  readonly configFiles: readonly string[];
  readonly version: string;
};

/** Labels of a container: the image's, the service's, and those by which tools know Docker Compose's containers. */
export function containerLabels(
  input: LabelInput,
  service: Service,
  imageLabels: Readonly<Record<string, string>> | null | undefined,
): Record<string, string> {
  return {
    ...imageLabels,
    ...service.labels,
    "com.docker.compose.project": input.project,
    "com.docker.compose.service": input.service,
    "com.docker.compose.container-number": String(input.number),
    "com.docker.compose.oneoff": input.oneOff ? "True" : "False",
    "com.docker.compose.image": input.imageId,
    "com.docker.compose.config-hash": input.configHash,
    "com.docker.compose.project.working_dir": input.workingDirectory,
    "com.docker.compose.project.config_files": input.configFiles.join(","),
    "com.docker.compose.depends_on": dependencies(service),
    "com.docker.compose.version": input.version,
  };
}

function dependencies(service: Service): string {
  return Object.entries(service.depends_on ?? {})
    .map(([name, { condition, restart }]) => `${name}:${condition}:${restart === true}`)
    .join(",");
}
