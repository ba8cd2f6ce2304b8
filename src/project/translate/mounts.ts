import { randomBytes } from "node:crypto";
import type { Project, Service, VolumeMount } from "../../compose/index.ts";
import type { ImageConfig } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { BindSetting, ContainerMount, TmpfsSetting } from "../../runtime/index.ts";

/** A mount decided: what is recorded of it, and what the runtime is to do. */
export type DecidedMount = {
  readonly record: ContainerMount;
  readonly bind?: Omit<BindSetting, "source" | "target" | "readOnly">;
  readonly tmpfs?: TmpfsSetting;
  /** A bind source that is made, as a directory, when it is missing. */
  readonly createHostPath?: boolean;
  readonly subpath?: string;
};

/**
 * The mounts of a container: the service's, then a volume for each VOLUME of the image that nothing is mounted at.
 * `inherited` are the mounts of the container it replaces: anonymous volumes go over to the same target.
 */
export function decideMounts(
  project: Project,
  service: Service,
  image: ImageConfig,
  inherited: readonly ContainerMount[],
): DecidedMount[] {
  const anonymous = new Map(
    inherited.filter((mount) => mount.anonymous).map((mount) => [mount.target, mount.source]),
  );
  const own = [
    ...(service.volumes ?? []).map((mount) => decideMount(project, mount, anonymous)),
    ...(service.tmpfs ?? []).map(shortTmpfs),
  ];
  const taken = new Set(own.map(({ record }) => record.target));
  const declared = Object.keys(image.Volumes ?? {}).filter((target) => !taken.has(trimSlash(target)));
  return [...own, ...declared.map((target) => anonymousVolume(trimSlash(target), false, anonymous))];
}

function decideMount(
  project: Project,
  mount: VolumeMount,
  anonymous: ReadonlyMap<string, string>,
): DecidedMount {
  const target = trimSlash(mount.target);
  const readOnly = mount.read_only === true;
  if (mount.type === "tmpfs") {
    return {
      record: { type: "tmpfs", source: "", target, readOnly },
      tmpfs: { target, options: tmpfsOptions(mount) },
    };
  }
  if (mount.type === "bind") {
    return {
      record: { type: "bind", source: mount.source!, target, readOnly },
      bind: { propagation: mount.bind?.propagation, recursive: mount.bind?.recursive !== "disabled" },
      createHostPath: mount.bind?.create_host_path === true,
    };
  }
  if (mount.type !== "volume") throw unsupportedMount(mount);
  if (mount.source === undefined) return anonymousVolume(target, readOnly, anonymous);
  return {
    record: {
      type: "volume",
      source: project.volumes[mount.source]?.name ?? mount.source,
      target,
      readOnly,
      copyUp: mount.volume?.nocopy !== true,
    },
    bind: {},
    subpath: mount.volume?.subpath,
  };
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

function unsupportedMount(mount: VolumeMount): GantryError {
  return new GantryError(
    "mount-unsupported",
    `mounts of type ${mount.type} (at ${mount.target}) are not there yet`,
    { hint: "use a volume, bind or tmpfs mount" },
  );
}
