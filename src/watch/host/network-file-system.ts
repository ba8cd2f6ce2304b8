import { statfsSync } from "node:fs";

/** By the number that statfs(2) gives (linux/magic.h). */
const REMOTE: Readonly<Record<number, string>> = {
  26985: "NFS",
  4283649346: "CIFS",
  4266872130: "SMB",
  20859: "SMB",
  16914839: "9P",
  1702057286: "FUSE",
  2020557398: "a VirtualBox shared folder",
  12805120: "Ceph",
  1397113167: "AFS",
};

/** What kind of file system a path lies on, when others may change it without our kernel's knowing. */
export function remoteFileSystem(path: string): string | undefined {
  try {
    return REMOTE[statfsSync(path).type];
  } catch {
    // Not there yet: what is made there later is made here.
    return undefined;
  }
}
