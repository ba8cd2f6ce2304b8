import { statfsSync } from "node:fs";

/** By the number that statfs(2) gives (linux/magic.h). */
const REMOTE: Readonly<Record<number, string>> = {
  0x6969: "NFS",
  0xff534d42: "CIFS",
  0xfe534d42: "SMB",
  0x517b: "SMB",
  0x01021997: "9P",
  0x65735546: "FUSE",
  0x786f4256: "a VirtualBox shared folder",
  0x00c36400: "Ceph",
  0x5346414f: "AFS",
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
