import type { DependsOn, Project, Service } from "../compose/index.ts";
import type { Image } from "../image/index.ts";
import { GantryError } from "../lib/diagnostic.ts";
import { type ContentDigests, noDigests } from "./contents/digests.ts";
import { type ConfigHash, hashNetwork, hashService } from "./hash.ts";

/** What the files ask for, reduced to what planning needs. */
export type DesiredProject = {
  readonly name: string;
  readonly services: readonly DesiredService[];
  readonly networks: readonly DesiredNetwork[];
  readonly volumes: readonly DesiredVolume[];
};

export type DesiredService = ConfigHash & {
  readonly name: string;
  readonly scale: number;
  readonly containerName?: string;
  /** Keys of the networks and volumes it uses. */
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  /** Services whose containers' mounts its own take over, so that these are made first. */
  readonly volumesFrom: readonly string[];
  readonly dependsOn: Readonly<Record<string, DependsOn>>;
};

export type DesiredNetwork = {
  readonly key: string;
  readonly name: string;
  readonly configHash: string;
  readonly external: boolean;
};
export type DesiredVolume = { readonly key: string; readonly name: string; readonly external: boolean };

/** Reduces the model to what planning needs. Services without an image are left out by the caller beforehand. */
export function desiredProject(
  project: Project,
  images: Readonly<Record<string, Image>>,
  scale: Readonly<Record<string, number>>,
  digests: ContentDigests = noDigests,
): DesiredProject {
  return {
    name: project.name,
    services: Object.entries(project.services).map(([name, service]) =>
      desiredService(project, name, service, images[name], scale[name], digests),
    ),
    networks: Object.entries(project.networks).map(([key, network]) => {
      const external = network.external === true;
      return { key, name: network.name, configHash: hashNetwork(network), external };
    }),
    volumes: Object.entries(project.volumes).map(([key, volume]) => ({
      key,
      name: volume.name,
      external: volume.external === true,
    })),
  };
}

function desiredService(
  project: Project,
  name: string,
  service: Service,
  image: Image | undefined,
  scaleOption: number | undefined,
  digests: ContentDigests,
): DesiredService {
  const scale = scaleOption ?? service.scale ?? service.deploy?.replicas ?? 1;
  if (scale > 1 && service.container_name) throw namedReplicas(name, service.container_name, scale);
  return {
    name,
    scale,
    containerName: service.container_name,
    networks: networkKeys(service),
    volumes: (service.volumes ?? []).flatMap((mount) =>
      mount.type === "volume" && mount.source && project.volumes[mount.source] ? [mount.source] : [],
    ),
    volumesFrom: (service.volumes_from ?? []).map((from) => from.split(":")[0]!),
    dependsOn: service.depends_on ?? {},
    ...hashService(service, image?.id ?? "", digests),
  };
}

/** The networks a service is on, none when it shares or has no network namespace of its own. */
export function networkKeys(service: Service): string[] {
  return service.network_mode ? [] : Object.keys(service.networks ?? {});
}

function namedReplicas(service: string, containerName: string, scale: number): GantryError {
  return new GantryError(
    "replicas-share-name",
    `service ${service}: ${scale} containers cannot all be named ${containerName}`,
    { hint: "remove container_name from the service, or keep its scale at 1" },
  );
}
