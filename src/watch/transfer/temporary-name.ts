import { randomBytes } from "node:crypto";
import { posix } from "node:path";

const FORM = /(?:^|\/)\.gantry-[0-9a-f]{12}$/;

/** What the files of one shipment are called until they are whole: nobody else's name. */
export const temporaryName = (): string => `.gantry-${randomBytes(6).toString("hex")}`;

export const isTemporary = (path: string): boolean => FORM.test(path);

/** The path of a file of that name in the directory of `path`. */
export function besides(path: string, name: string): string {
  const directory = posix.dirname(path);
  return directory === "." ? name : `${directory}/${name}`;
}
