import { expect, test } from "vitest";
import { mountFlags } from "../../../src/runtime/plan/mount-flags.ts";

test.each([
  [["ro", "nosuid", "nodev", "noexec"], 0xfn, 0n, ""],
  [["rbind", "rprivate", "ro"], 0x5001n, 0x44000n, ""],
  [["nosuid", "noexec", "nodev", "exec", "size=64m", "mode=1777"], 0x6n, 0n, "size=64m,mode=1777"],
  [["ro", "rw"], 0n, 0n, ""],
  [["constructor"], 0n, 0n, "constructor"],
])("%j", (options, flags, propagation, data) => {
  expect(mountFlags(options)).toEqual({ flags, propagation, data });
});
