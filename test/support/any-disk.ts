import { readdirSync, readFileSync } from "node:fs";

/** A disk of this host: its path, and its numbers as in "254:0". */
export function anyDisk(): { readonly path: string; readonly numbers: string } {
  const name = readdirSync("/sys/block").find((one) => /^(vd|sd|nvme|xvd)/.test(one));
  if (name === undefined) throw new Error("this host has no disk to test with");
  return { path: `/dev/${name}`, numbers: readFileSync(`/sys/block/${name}/dev`, "utf8").trim() };
}
