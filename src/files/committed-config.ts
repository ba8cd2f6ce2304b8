import type { ImageConfig } from "../image/index.ts";
import { signalName } from "../lib/signal.ts";
import { type ContainerRecord, type OciSpec, readLayerFile, resolveUser } from "../runtime/index.ts";

const NANOSECONDS = 1_000_000;

/**
 * What an image made of a container says of how it is run: as the container is run, by its service's settings over its
 * image's.
 */
export function committedConfig(image: ImageConfig, record: ContainerRecord, spec: OciSpec): ImageConfig {
  const health = record.healthcheck;
  return {
    ...image,
    ...commandOf(image, record.command),
    Env: environmentOf(image, spec),
    Labels: { ...image.Labels, ...record.labels },
    WorkingDir: spec.process.cwd,
    ...userOf(image, record, spec),
    StopSignal: signalName(record.stopSignal),
    ...(record.exposedPorts?.length && {
      ExposedPorts: Object.fromEntries(record.exposedPorts.map((port) => [port, {}])),
    }),
    ...(health && {
      Healthcheck: {
        Test: ["CMD", ...health.argv],
        Interval: health.interval * NANOSECONDS,
        Timeout: health.timeout * NANOSECONDS,
        StartPeriod: health.startPeriod * NANOSECONDS,
        StartInterval: health.startInterval * NANOSECONDS,
        Retries: health.retries,
      },
    }),
  };
}

/** The image's entrypoint stays when the container's command begins with it. */
function commandOf(image: ImageConfig, argv: readonly string[]): Pick<ImageConfig, "Entrypoint" | "Cmd"> {
  const entrypoint = image.Entrypoint ?? [];
  if (entrypoint.length === 0) return { Cmd: argv };
  const isKept = entrypoint.every((word, index) => argv[index] === word);
  return isKept ? { Cmd: argv.slice(entrypoint.length) } : { Entrypoint: argv, Cmd: null };
}

/** In numbers when the service has another user than the image. */
function userOf(
  image: ImageConfig,
  record: ContainerRecord,
  { process }: OciSpec,
): Pick<ImageConfig, "User"> {
  const layers = record.image.layerDirectories;
  const own = resolveUser(image.User ?? "", [], {
    passwd: readLayerFile(layers, "etc/passwd"),
    group: readLayerFile(layers, "etc/group"),
  });
  const { uid, gid } = process.user;
  return own.uid === uid && own.gid === gid ? {} : { User: `${uid}:${gid}` };
}

/** Without what the runtime itself adds for every container. */
function environmentOf(image: ImageConfig, { process, hostname }: OciSpec): string[] {
  const known = new Set((image.Env ?? []).map(keyOf));
  return process.env.filter((entry) => {
    const key = keyOf(entry);
    if (known.has(key)) return true;
    return key !== "HOME" && key !== "TERM" && entry !== `HOSTNAME=${hostname}`;
  });
}

const keyOf = (entry: string) => entry.split("=", 1)[0]!;
