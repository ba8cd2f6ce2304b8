import { randomBytes } from "node:crypto";
import type { Project, Service, VolumeMount } from "../../compose/index.ts";
import type { Image, ImageConfig } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { BindSetting, ContainerMount, ContainerRecord, TmpfsSetting } from "../../runtime/index.ts";
import { type VolumePlace, volumePlace } from "./volume-options.ts";

/** A mount decided: what is recorded of it, and what the runtime is to do. */
export type DecidedMount = {
  readonly record: ContainerMount;
  readonly bind?: Omit<BindSetting, "source" | "target" | "readOnly">;
  /** A volume that is a file system of its own. */
  readonly fileSystem?: Extract<VolumePlace, { kind: "file-system" }>;
  readonly tmpfs?: TmpfsSetting;
  /** Layers of a mounted image, topmost first. */
  readonly layers?: readonly string[];
  /** A bind source that is made, as a directory, when it is missing. */
  readonly createHostPath?: boolean;
  /** SELinux labels were asked for. */
  readonly relabel?: boolean;
};

export type MountsInput = {
  readonly project: Project;
  readonly serviceName: string;
  readonly service: Service;
  readonly image: ImageConfig;
  /** The mounts of the container it replaces: anonymous volumes go over to the same target. */
  readonly inherited: readonly ContainerMount[];
  /** The container that `volumes_from` names: "service:<name>", or a container's name. */
  readonly recordOf: (which: string) => ContainerRecord | undefined;
  /** Options of a volume that exists, of the driver `local`. */
  readonly volumeOptions: (name: string) => Readonly<Record<string, string>> | undefined;
  /** Images that are mounted, by reference. */
  readonly images: Readonly<Record<string, Image>>;
};

/**
 * The mounts of a container: the service's, those of other containers that it takes over, then a volume for each VOLUME
 * of the image that nothing is mounted at.
 */
export function decideMounts(input: MountsInput): DecidedMount[] {
  const { service, image, inherited } = input;
  const anonymous = new Map(
    inherited.filter((mount) => mount.anonymous).map((mount) => [mount.target, mount.source]),
  );
  const own = [
    ...(service.volumes ?? []).map((mount) => decideMount(input, mount, anonymous)),
    ...(service.tmpfs ?? []).map(shortTmpfs),
  ];
  const taken = new Set(own.map(({ record }) => record.target));
  const others = (service.volumes_from ?? []).flatMap((from) => mountsFrom(input, from));
  const foreign = others.filter(({ record }) => !taken.has(record.target));
  for (const { record } of foreign) taken.add(record.target);
  const declared = Object.keys(image.Volumes ?? {}).filter((target) => !taken.has(trimSlash(target)));
  return [
    ...own,
    ...foreign,
    ...declared.map((target) => anonymousVolume(trimSlash(target), false, anonymous)),
  ];
}

function decideMount(
  input: MountsInput,
  mount: VolumeMount,
  anonymous: ReadonlyMap<string, string>,
): DecidedMount {
  const target = trimSlash(mount.target);
  const readOnly = mount.read_only === true;
  switch (mount.type) {
    case "tmpfs":
      return {
        record: { type: "tmpfs", source: "", target, readOnly },
        tmpfs: { target, options: tmpfsOptions(mount) },
      };
    case "bind":
      return {
        record: { type: "bind", source: mount.source!, target, readOnly },
        bind: { propagation: mount.bind?.propagation, recursive: mount.bind?.recursive !== "disabled" },
        createHostPath: mount.bind?.create_host_path === true,
        relabel: mount.bind?.selinux !== undefined,
      };
    case "image":
      return imageMount(input, mount, target);
    case "volume":
      return mount.source === undefined
        ? anonymousVolume(target, readOnly, anonymous)
        : namedVolume(input, mount, target);
    default:
      throw unsupportedMount(input.serviceName, mount);
  }
}

/** What lies beneath a subpath is not the image's content for the target: nothing is copied there. */
function namedVolume(input: MountsInput, mount: VolumeMount, target: string): DecidedMount {
  const { nocopy, subpath } = mount.volume ?? {};
  return volumeMount(input, {
    type: "volume",
    source: input.project.volumes[mount.source!]?.name ?? mount.source!,
    target,
    readOnly: mount.read_only === true,
    copyUp: nocopy !== true && !subpath,
    ...(subpath && { subpath }),
  });
}

/** How a volume comes to its target: from its directory, another one of the host, or as a file system. */
function volumeMount({ serviceName, volumeOptions }: MountsInput, record: ContainerMount): DecidedMount {
  const place = volumePlace(record.source, volumeOptions(record.source));
  if (place.kind === "directory") return { record, bind: {} };
  if (place.kind === "bind") {
    return {
      record: { ...record, device: place.device, readOnly: record.readOnly || place.readOnly },
      bind: {},
    };
  }
  if (record.subpath) throw noSubpath(serviceName, record);
  return { record: { ...record, copyUp: false, fileSystem: place.type }, fileSystem: place };
}

function imageMount({ serviceName, images }: MountsInput, mount: VolumeMount, target: string): DecidedMount {
  const subpath = mount.image?.subpath;
  const image = images[mount.source ?? ""];
  if (!image) throw imageMissing(serviceName, mount.source ?? "", target);
  return {
    record: {
      type: "image",
      source: mount.source!,
      image: image.id,
      target,
      readOnly: true,
      ...(subpath && { subpath }),
    },
    layers: image.layerDirectories,
  };
}

/** "name[:ro|rw]", or "container:name[:ro|rw]". Volumes that are taken over belong to whoever had them. */
function mountsFrom(input: MountsInput, text: string): DecidedMount[] {
  const [, isContainer, name = "", mode] = /^(container:)?([^:]+)(?::(ro|rw|z|Z))?$/.exec(text) ?? [];
  const record = input.recordOf(isContainer ? name : `service:${name}`);
  if (!record) throw noContainer(input.serviceName, text);
  return record.mounts
    .filter(({ type }) => type === "volume" || type === "bind")
    .map((mount) => {
      const record = { ...mount, copyUp: false, readOnly: mount.readOnly || mode === "ro" };
      return record.type === "bind" ? { record, bind: {} } : volumeMount(input, record);
    });
}

function anonymousVolume(
  target: string,
  readOnly: boolean,
  inherited: ReadonlyMap<string, string>,
): DecidedMount {
  const source = inherited.get(target) ?? randomBytes(32).toString("hex");
  return {
    record: { type: "volume", source, target, readOnly, anonymous: true, copyUp: true },
    bind: {},
  };
}

/** "target[:options]" of the `tmpfs` key. */
function shortTmpfs(text: string): DecidedMount {
  const [path = "", options = ""] = text.split(":");
  const target = trimSlash(path);
  return {
    record: { type: "tmpfs", source: "", target, readOnly: options.split(",").includes("ro") },
    tmpfs: { target, options: options ? options.split(",") : [] },
  };
}

function tmpfsOptions({ tmpfs, read_only }: VolumeMount): string[] {
  return [
    ...(tmpfs?.size ? [`size=${tmpfs.size}`] : []),
    ...(tmpfs?.mode === undefined ? [] : [`mode=${tmpfs.mode.toString(8)}`]),
    ...(read_only ? ["ro"] : []),
  ];
}

const trimSlash = (path: string) => (path.length > 1 ? path.replace(/\/+$/, "") : path);

function unsupportedMount(service: string, { type, target }: VolumeMount): GantryError {
  const why =
    type === "npipe" ? "pipes are for Windows containers only" : "there is no cluster to have volumes";
  return new GantryError("mount-unsupported", `service ${service}: ${target}: type ${type}: ${why}`, {
    hint: "use a volume, bind, tmpfs or image mount",
  });
}

function noSubpath(service: string, { source, target }: ContainerMount): GantryError {
  return new GantryError(
    "mount-unsupported",
    `service ${service}: ${target}: volume ${source} is a file system of its own`,
    {
      hint: "mount it as a whole: a subpath is there for volumes that are directories",
    },
  );
}

function imageMissing(service: string, image: string, target: string): GantryError {
  return new GantryError(
    "image-missing",
    `service ${service}: the image ${image}, to be mounted at ${target}, is not here`,
    {
      hint: "load it with `gantry image load`",
    },
  );
}

function noContainer(service: string, from: string): GantryError {
  return new GantryError(
    "volumes-from-missing",
    `service ${service}: volumes_from: ${from} has no container`,
    {
      hint: "create it first",
    },
  );
}
