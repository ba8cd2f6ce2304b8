import { describe, expect, it } from "vitest";
import { TreeEncoder, type TreeOp } from "../../../src/image/layer/tree-encoder.ts";
import { encodeOp } from "../../../src/lib/launch-plan/index.ts";

const file = { root: "/r", path: "a/b", mode: 0o644, uid: 1, gid: 2, mtimeSec: -5n, mtimeNsec: 7, size: 3n };
const ops: readonly TreeOp[] = [
  { op: "tree_dir", root: "/r", path: "a", mode: 0o755, uid: 4_000_000_000, gid: 0 },
  { op: "tree_file", ...file },
  { op: "tree_symlink", root: "/r", path: "l", target: "../x", uid: 0, gid: 0, mtimeSec: 1n, mtimeNsec: 0 },
  { op: "tree_hardlink", root: "/r", path: "h", target: "a/b" },
  { op: "tree_node", root: "/r", path: "n", mode: 0o20000, major: 0, minor: 0, uid: 0, gid: 0 },
  { op: "tree_xattr", root: "/r", path: "a", name: "user.x", value: Buffer.from([0, 255]), optional: 1 },
  { op: "tree_times", root: "/r", path: "a", mtimeSec: 2n ** 40n, mtimeNsec: 1 },
  { op: "tree_remove", root: "/r", path: "a" },
  { op: "tree_rename", root: "/r", path: "a", target: "b" },
  { op: "tree_sync", root: "/r" },
];

describe("the encoder of tree operations", () => {
  it.each(ops.map((op) => [op.op, op] as const))("writes %s as the plan encoder does", (_name, op) => {
    const encoder = new TreeEncoder();
    encoder.operation(op);
    expect(encoder.take().equals(encodeOp(op))).toBe(true);
  });

  it("keeps bytes of names as they are", () => {
    const encoder = new TreeEncoder();
    encoder.operation({ op: "tree_sync", root: "\xff\xe9" });
    expect(encoder.take().subarray(12).toString("hex")).toBe("ffe9");
  });

  it("grows beyond its first buffer, and begins anew after a take", () => {
    const encoder = new TreeEncoder();
    for (let count = 0; count < 20_000; count++) encoder.operation({ op: "tree_file", ...file });
    encoder.bytes(Buffer.alloc(1_000_000, 1));
    const one = encodeOp({ op: "tree_file", ...file }).length;
    const taken = encoder.take();
    expect(taken.length).toBe(20_000 * one + 1_000_000);
    expect(taken.subarray(19_999 * one, 20_000 * one).equals(encodeOp({ op: "tree_file", ...file }))).toBe(
      true,
    );
    expect(encoder.length).toBe(0);
  });
});
