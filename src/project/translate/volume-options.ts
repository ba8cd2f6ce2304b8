import { GantryError } from "../../lib/diagnostic.ts";

/** How the data of a volume with options of the driver `local` is mounted: `type`, `device` and `o` of mount(8). */
export type VolumePlace =
  | { readonly kind: "directory" }
  | { readonly kind: "bind"; readonly device: string; readonly readOnly: boolean }
  | {
      readonly kind: "file-system";
      readonly type: string;
      readonly device: string;
      readonly options: readonly string[];
    };

const KNOWN: ReadonlySet<string> = new Set(["type", "device", "o"]);

/** Reads the options of a volume, as Docker's driver `local` has them. */
export function volumePlace(name: string, options: Readonly<Record<string, string>> = {}): VolumePlace {
  const unknown = Object.keys(options).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) throw unknownOption(name, unknown);
  const { type = "", device = "", o = "" } = options;
  if (!type && !device && !o) return { kind: "directory" };
  const mountOptions = o.split(",").filter(Boolean);
  if (mountOptions.some((option) => option === "bind" || option === "rbind")) {
    if (!device.startsWith("/")) throw badDevice(name, device);
    return { kind: "bind", device, readOnly: mountOptions.includes("ro") };
  }
  if (!type || type === "none") throw noType(name);
  return { kind: "file-system", type, device: device || type, options: mountOptions };
}

function unknownOption(name: string, option: string): GantryError {
  return new GantryError(
    "volume-option-unknown",
    `volume ${name}: the driver local has no option ${option}`,
    {
      hint: "its options are type, device and o, as of mount(8)",
    },
  );
}

function badDevice(name: string, device: string): GantryError {
  return new GantryError(
    "volume-option-invalid",
    `volume ${name}: the device "${device}" is no absolute path`,
    {
      hint: "with o: bind, device is a directory of this host",
    },
  );
}

function noType(name: string): GantryError {
  return new GantryError("volume-option-invalid", `volume ${name}: type is missing`, {
    hint: "give the type of the file system (tmpfs, nfs, ext4 …), or o: bind for a directory of this host",
  });
}
