import { hostname } from "node:os";
import type { Project, Service } from "../../compose/index.ts";
import type { Image } from "../../image/index.ts";
import type { Roots } from "../../lib/paths.ts";
import { expandPorts } from "../../net/index.ts";
import type {
  ConsoleSize,
  ContainerRecord,
  ContainerSettings,
  ExtraFile,
  OciRuntime,
} from "../../runtime/index.ts";
import { givenFiles } from "./given-files.ts";
import { type DecidedMount, decideMounts, type MountsInput } from "./mounts.ts";
import { recordPorts } from "./ports.ts";
import { containerRecord } from "./record.ts";
import { refuseImpossible } from "./refusals.ts";
import { containerSettings } from "./settings.ts";

export type ContainerInput = {
  readonly roots: Roots;
  readonly project: Project;
  readonly workingDirectory: string;
  readonly configFiles: readonly string[];
  readonly version: string;
  readonly id: string;
  readonly name: string;
  readonly serviceName: string;
  readonly service: Service;
  readonly image: Image;
  readonly number: number;
  readonly oneOff: boolean;
  /** Size of the terminal that a one-off is attached to from the start. */
  readonly consoleSize?: ConsoleSize;
  /** Another than gantry's own. */
  readonly runtime?: OciRuntime;
  readonly configHash: string;
  readonly configFields: Readonly<Record<string, string>>;
  /** As decided by src/net. */
  readonly networks: ContainerRecord["networks"];
  /** /etc/hosts and the like. */
  readonly files: readonly ExtraFile[];
  readonly volumeOptions: MountsInput["volumeOptions"];
  readonly recordOf: MountsInput["recordOf"];
  /** Images that are mounted, by reference. */
  readonly mountedImages: Readonly<Record<string, Image>>;
  /** Mounts of the container whose place it takes. */
  readonly inherited: ContainerRecord["mounts"];
};

export type TranslatedContainer = {
  readonly record: ContainerRecord;
  readonly settings: ContainerSettings;
  readonly mounts: readonly DecidedMount[];
};

/** A service and its image, translated for the runtime and for gantry's own records. */
export function translateContainer(input: ContainerInput): TranslatedContainer {
  const { service, serviceName, image } = input;
  refuseImpossible(serviceName, service, image);
  const mounts = decideMounts({ ...input, image: image.config, images: input.mountedImages });
  const files = givenFiles(input.project, serviceName, service);
  return {
    mounts,
    record: containerRecord({
      ...input,
      project: input.project.name,
      service: serviceName,
      definition: service,
      imageId: image.id,
      ports: recordPorts(expandPorts(serviceName, service.ports ?? [])),
      mounts: mounts.map(({ record }) => record),
      givenFiles: files,
    }),
    settings: containerSettings({
      ...input,
      project: input.project.name,
      mounts,
      givenFiles: files,
      hostname: containerHostname(service, input.id),
    }),
  };
}

/** The host name inside the container: the host's own, where it shares the host's name or network. */
export function containerHostname(service: Service, id: string): string {
  const sharesHost = service.network_mode === "host" || service.uts === "host";
  return service.hostname ?? (sharesHost ? hostname() : id.slice(0, 12));
}
