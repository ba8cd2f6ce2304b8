import { statSync } from "node:fs";
import { GantryError } from "../../lib/diagnostic.ts";
import type { BlockIoLimits, DeviceRate } from "../settings.ts";
import { deviceNumbers } from "./devices.ts";
import type { OciBlockIo, OciBlockRate } from "./oci-spec.ts";

/** Limits of block devices by their numbers; a path that is no block device is the user's mistake. */
export function buildBlockIo(limits: BlockIoLimits): OciBlockIo {
  return {
    ...(limits.weight === undefined ? {} : { weight: limits.weight }),
    weightDevice: limits.weightDevices.map(({ path, weight }) => ({ ...blockDevice(path), weight })),
    throttleReadBpsDevice: rates(limits.readBps),
    throttleWriteBpsDevice: rates(limits.writeBps),
    throttleReadIOPSDevice: rates(limits.readIops),
    throttleWriteIOPSDevice: rates(limits.writeIops),
  };
}

const rates = (devices: readonly DeviceRate[]): OciBlockRate[] =>
  devices.map(({ path, rate }) => ({ ...blockDevice(path), rate }));

function blockDevice(path: string): { major: number; minor: number } {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats?.isBlockDevice()) return deviceNumbers(stats.rdev);
  throw new GantryError(
    stats ? "not-a-device" : "device-missing",
    `${path} ${stats ? "is not a block device" : "does not exist on this host"}`,
    { hint: "blkio_config limits whole disks of the host, /dev/sda for example; lsblk lists them" },
  );
}
