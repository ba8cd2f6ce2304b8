import type { Logging } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { ContainerRecord } from "../../runtime/index.ts";

const MEBIBYTE = 1024 * 1024;

/** Drivers that gantry has: json-file and local are files of its own format, whatever their name. */
const DRIVERS: readonly string[] = ["json-file", "local", "none"];

/** Options of these drivers. Those that only say how Docker writes its files or labels its lines change nothing here. */
const OPTIONS: ReadonlySet<string> = new Set(
  "max-size max-file compress mode max-buffer-size labels labels-regex env env-regex tag".split(" "),
);

/** How a container's log is kept. Unlike Docker's, it is rotated also when nothing is said, so that no disk fills up. */
export function logging(service: string, logging: Logging | undefined): ContainerRecord["logging"] {
  const driver = logging?.driver || "json-file";
  if (!DRIVERS.includes(driver)) throw noSuchDriver(service, driver);
  const options = logging?.options ?? {};
  const unknown = Object.keys(options).find((key) => !OPTIONS.has(key));
  if (unknown !== undefined) throw badOption(service, unknown, options[unknown]!);
  return {
    driver,
    maxSize: size(service, options["max-size"]) ?? 10 * MEBIBYTE,
    maxFiles: count(service, options["max-file"]) ?? 3,
  };
}

/** "10m", "1g" and the like in bytes; -1 is no limit, which the runtime knows as 0. */
function size(service: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === "-1") return 0;
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)i?b?$/i.exec(text);
  if (!match) throw badOption(service, "max-size", text);
  const power = ["", "k", "m", "g"].indexOf(match[2]!.toLowerCase());
  return Math.round(Number(match[1]) * 1024 ** power);
}

function count(service: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text)) throw badOption(service, "max-file", text);
  return Number(text);
}

function noSuchDriver(service: string, driver: string): GantryError {
  return new GantryError(
    "logging-driver-unsupported",
    `service ${service}: there is no logging driver ${driver}`,
    {
      hint: "logs are files here (json-file, local) or none: follow them with `gantry logs -f`, and send them on from there",
    },
  );
}

function badOption(service: string, option: string, value: string): GantryError {
  return new GantryError(
    "invalid-log-option",
    `service ${service}: logging: ${option}: ${value} is not understood`,
    {
      hint: "max-size is like 10m, max-file a number",
    },
  );
}
