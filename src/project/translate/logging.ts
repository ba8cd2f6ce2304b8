import type { Logging } from "../../compose/index.ts";
import type { ContainerRecord } from "../../runtime/index.ts";

const MEBIBYTE = 1024 * 1024;

/** How a container's log is kept. Unlike Docker's, it is rotated also when nothing is said, so that no disk fills up. */
export function logging(logging: Logging | undefined): ContainerRecord["logging"] {
  const options = logging?.options ?? {};
  return {
    driver: logging?.driver ?? "json-file",
    maxSize: size(options["max-size"]) ?? 10 * MEBIBYTE,
    maxFiles: Number(options["max-file"] ?? 3) || 3,
  };
}

/** "10m", "1g" and the like, as Docker's log options have it. */
function size(text: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)i?b?$/i.exec(text ?? "");
  if (!match) return undefined;
  const power = ["", "k", "m", "g"].indexOf(match[2]!.toLowerCase());
  return Math.round(Number(match[1]) * 1024 ** power);
}
