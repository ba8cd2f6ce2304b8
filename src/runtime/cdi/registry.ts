import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { GantryError } from "../../lib/diagnostic.ts";

/** Edits of a device (Container Device Interface, SPEC.md: containerEdits), as far as gantry makes them. */
export type CdiEdits = {
  readonly env?: readonly string[];
  readonly deviceNodes?: readonly {
    readonly path: string;
    readonly hostPath?: string;
    readonly permissions?: string;
  }[];
  readonly mounts?: readonly {
    readonly hostPath: string;
    readonly containerPath: string;
    readonly options?: readonly string[];
  }[];
  readonly hooks?: readonly { readonly hookName: string; readonly path: string }[];
  readonly additionalGIDs?: readonly number[];
};

/** A device by its full name, "vendor.com/class=name", with the edits of its file and its own. */
export type CdiDevice = { readonly name: string; readonly kind: string; readonly edits: readonly CdiEdits[] };

type CdiFile = {
  readonly kind: string;
  readonly devices?: readonly { readonly name: string; readonly containerEdits?: CdiEdits }[];
  readonly containerEdits?: CdiEdits;
};

/** Later directories win, as the specification has it. */
const DIRECTORIES = ["/etc/cdi", "/var/run/cdi"];

/** All devices that this host describes, by full name. Files that do not parse are an error that names them. */
export function readCdiDevices(directories: readonly string[] = DIRECTORIES): ReadonlyMap<string, CdiDevice> {
  const files = directories.flatMap(cdiFiles).map(readFile);
  const devices = files.flatMap(({ kind, devices = [], containerEdits }) =>
    devices.map(({ name, containerEdits: own }): CdiDevice => {
      const edits = [containerEdits, own].filter((edit) => edit !== undefined);
      return { name: `${kind}=${name}`, kind, edits };
    }),
  );
  return new Map(devices.map((device) => [device.name, device]));
}

/** Whether a device is named as CDI names them, rather than by a path. */
export const isCdiName = (name: string) => /^[A-Za-z][\w.-]*\/[A-Za-z][\w.-]*=[\w.:-]+$/.test(name);

function cdiFiles(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => /\.(?:json|ya?ml)$/.test(name))
      .sort()
      .map((name) => join(directory, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function readFile(path: string): CdiFile {
  try {
    const file = parse(readFileSync(path, "utf8")) as CdiFile | null;
    if (typeof file?.kind === "string") return file;
  } catch (cause) {
    throw new GantryError("bad-cdi-file", `${path} cannot be read as a CDI file`, { cause });
  }
  throw new GantryError("bad-cdi-file", `${path} is no CDI file: it names no kind`);
}
