import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  encodeOp,
  encodePlan,
  encodePlanHeader,
  type Op,
  STREAM_COUNT,
} from "../../src/lib/launch-plan/index.ts";
import { type Workspace, workspace } from "./support/rootfs.ts";
import { shimPath } from "./support/shim.ts";

let place: Workspace;
let root: string;
beforeEach(() => {
  place = workspace();
  root = join(place.path, "root");
  mkdirSync(root);
});
afterEach(() => place[Symbol.dispose]());

type Part = Op | string | Uint8Array;

/** Runs `gantry-shim tree` on a stream of operations and contents; resolves to its status line. */
async function tree(...parts: Part[]): Promise<string> {
  const encoded = parts.map((part) =>
    typeof part === "string" || part instanceof Uint8Array ? Buffer.from(part as string) : encodeOp(part),
  );
  return send(Buffer.concat([encodePlanHeader(STREAM_COUNT), ...encoded]));
}
async function send(bytes: Uint8Array): Promise<string> {
  const child = spawn(shimPath, ["tree"], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.on("error", () => {});
  child.stdin.end(bytes);
  const [status, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  expect(code).toBe(status === "ok\n" ? 0 : 125);
  return status.trimEnd();
}

const owned = { uid: 12, gid: 34 };
const time = { mtimeSec: 981_173_106n, mtimeNsec: 500_000_000 };
const dir = (path: string, mode = 0o755): Op => ({ op: "tree_dir", root, path, mode, ...owned });
const file = (path: string, size: number, mode = 0o644): Op => ({
  op: "tree_file",
  root,
  path,
  mode,
  ...owned,
  ...time,
  size: BigInt(size),
});
const symlink = (path: string, target: string): Op => ({
  op: "tree_symlink",
  root,
  path,
  target,
  ...owned,
  ...time,
});
const hardlink = (path: string, target: string): Op => ({ op: "tree_hardlink", root, path, target });
const node = (path: string, mode: number, major: number, minor: number): Op => ({
  op: "tree_node",
  root,
  path,
  mode,
  major,
  minor,
  ...owned,
});
const remove = (path: string): Op => ({ op: "tree_remove", root, path });
const inspect = (path: string, format = "%a %u %g %F %Y") =>
  execFileSync("stat", ["-c", format, join(root, path)], { encoding: "utf8" }).trim();
const content = (path: string) => readFileSync(join(root, path), "utf8");

describe("what is made", () => {
  test("has exact owner, mode, time and content, and parents of 0755", async () => {
    expect(
      await tree(file("a/b/c", 5, 0o4751), "hello", dir("a/d", 0o1777), symlink("a/l", "/no/where")),
    ).toBe("ok");
    expect(inspect("a/b/c")).toBe("4751 12 34 regular file 981173106");
    expect(content("a/b/c")).toBe("hello");
    expect(inspect("a/b", "%a %u %g")).toBe("755 0 0");
    expect(inspect("a/d", "%a %u %g %F")).toBe("1777 12 34 directory");
    expect(inspect("a/l", "%u %g %N %Y")).toBe(`12 34 '${join(root, "a/l")}' -> '/no/where' 981173106`);
  });

  test("can be a device, a fifo, a whiteout", async () => {
    expect(
      await tree(node("null", 0o20666, 1, 3), node("pipe", 0o10600, 0, 0), node("gone", 0o20000, 0, 0)),
    ).toBe("ok");
    expect(inspect("null", "%a %u %F %t:%T")).toBe("666 12 character special file 1:3");
    expect(inspect("pipe", "%a %F")).toBe("600 fifo");
    expect(inspect("gone", "%F %t:%T")).toBe("character special file 0:0");
  });

  test("can be a hard link, also to a link", async () => {
    const parts = [file("one", 1), "1", hardlink("deep/two", "one"), symlink("l", "x"), hardlink("m", "l")];
    expect(await tree(...parts)).toBe("ok");
    expect(inspect("one", "%i %h")).toBe(inspect("deep/two", "%i %h"));
    expect(inspect("m", "%F %h")).toBe("symbolic link 2");
  });

  test("can be the root itself", async () => {
    expect(await tree(dir(".", 0o750), { op: "tree_times", root, path: ".", ...time })).toBe("ok");
    expect(inspect(".")).toBe("750 12 34 directory 981173106");
  });

  test("can be large, and come in any pieces", async () => {
    const large = Buffer.alloc(3_000_000, "0123456789");
    expect(await tree(file("large", large.length), large, file("next", 1), "x")).toBe("ok");
    expect(readFileSync(join(root, "large")).equals(large)).toBe(true);
    expect(content("next")).toBe("x");
  });

  test("replaces what is there, of whatever kind", async () => {
    const kinds: Record<string, Part[]> = {
      file: [file("x", 1), "n"],
      symlink: [symlink("x", "new")],
      node: [node("x", 0o20600, 1, 3)],
      hardlink: [hardlink("x", "source")],
      dir: [dir("x", 0o700)],
    };
    const before: Record<string, Part[]> = {
      file: [file("x", 1), "o"],
      symlink: [symlink("x", "source")],
      full: [dir("x"), file("x/deep/inner", 1), "o"],
    };
    for (const [old, first] of Object.entries(before)) {
      for (const [kind, second] of Object.entries(kinds)) {
        const expected = kind === "hardlink" ? "file" : kind;
        expect(await tree(file("source", 1), "s", remove("x"), ...first, ...second), `${old} → ${kind}`).toBe(
          "ok",
        );
        expect(inspect("x", "%F"), `${old} → ${kind}`).toMatch(
          { file: /regular/, symlink: /symbolic/, node: /special/, dir: /directory/ }[expected]!,
        );
        expect(content("source")).toBe("s");
      }
    }
  });

  test("takes over a directory that is there, with its content", async () => {
    expect(await tree(dir("d"), file("d/kept", 1), "k", dir("d", 0o711))).toBe("ok");
    expect([inspect("d", "%a"), content("d/kept")]).toEqual(["711", "k"]);
  });
});

describe("what is changed", () => {
  test("gets attributes, also a link itself", async () => {
    const set = (path: string, name: string, optional: number): Op => ({
      op: "tree_xattr",
      root,
      path,
      name,
      value: Buffer.from("v\0w"),
      optional,
    });
    expect(
      await tree(file("f", 0), symlink("l", "f"), set("f", "trusted.x", 0), set("l", "trusted.y", 0)),
    ).toBe("ok");
    const attributes = execFileSync(
      "python3",
      [
        "-c",
        `import os; print(os.getxattr("f","trusted.x"), os.getxattr("l","trusted.y",follow_symlinks=False))`,
      ],
      { cwd: root, encoding: "utf8" },
    );
    expect(attributes).toBe("b'v\\x00w' b'v\\x00w'\n");
    expect(await tree(set("f", "nonsense.x", 1))).toBe("ok");
    expect(await tree(set("f", "nonsense.x", 0))).toBe(
      "failed tree_xattr EOPNOTSUPP 95 f: setting the attribute nonsense.x",
    );
  });

  test("is removed with all beneath it, and a missing path is not an error", async () => {
    expect(
      await tree(file("a/b/c", 0), file("a/d", 0), symlink("a/l", "/"), remove("a"), remove("no/such")),
    ).toBe("ok");
    expect(readdirSync(root)).toEqual([]);
  });

  test("is renamed, and later paths mean the new place", async () => {
    expect(
      await tree(
        file("a/f", 1),
        "1",
        { op: "tree_rename", root, path: "a", target: "b/c" },
        file("a/g", 1),
        "2",
      ),
    ).toBe("ok");
    expect([content("b/c/f"), content("a/g")]).toEqual(["1", "2"]);
  });

  test("is written to disk", async () => {
    expect(await tree(file("f", 0), { op: "tree_sync", root })).toBe("ok");
  });
});

describe("a hostile stream", () => {
  test.each([
    ["../out", "EXDEV 18"],
    ["a/../../out", "EXDEV 18"],
    ["a/..", "EXDEV 18"],
    ["/etc/out", "EXDEV 18"],
    ["x".repeat(256), "ENAMETOOLONG 36"],
    ["x/".repeat(2100), "ENAMETOOLONG 36"],
  ])("cannot make %s", async (path, error) => {
    for (const part of [file(path, 0), dir(path), symlink(path, "x"), node(path, 0o10600, 0, 0)]) {
      expect(await tree(part)).toMatch(new RegExp(`^failed tree_\\w+ ${error} `));
    }
    expect(readdirSync(place.path)).toEqual(["root"]);
  });

  test("cannot go through a link, whoever made it", async () => {
    mkdirSync(join(place.path, "outside"));
    for (const target of [join(place.path, "outside"), "../outside", "."]) {
      const through = [file("l/f", 0), dir("l/d"), remove("l/x"), hardlink("h", "l/x"), file("l/deep/f", 0)];
      for (const part of through) {
        expect(await tree(remove("l"), symlink("l", target), part)).toMatch(/^failed tree_\w+ ELOOP 40 /);
      }
    }
    expect(readdirSync(join(place.path, "outside"))).toEqual([]);
  });

  test("replaces a link rather than what it points at", async () => {
    writeFileSync(join(place.path, "outside"), "safe");
    symlinkSync(join(place.path, "outside"), join(root, "f"));
    symlinkSync(place.path, join(root, "d"));
    expect(await tree(file("f", 1), "x", dir("d", 0o700), remove("d"))).toBe("ok");
    expect(readFileSync(join(place.path, "outside"), "utf8")).toBe("safe");
    expect(statSync(place.path).mode & 0o777).toBe(0o755);
  });

  test("cannot remove or replace the root", async () => {
    writeFileSync(join(root, "kept"), "");
    for (const part of [remove("."), remove(""), file(".", 0), symlink(".", "x")]) {
      expect(await tree(part)).toMatch(/^failed tree_\w+ EISDIR 21 /);
    }
    expect(existsSync(join(root, "kept"))).toBe(true);
  });

  test("cannot make a regular file or a socket of a node", async () => {
    for (const mode of [0o100644, 0o140644, 0o40755, 0]) {
      expect(await tree(node("n", mode, 0, 0))).toMatch(/^failed tree_node EINVAL 22 n: /);
    }
  });

  test("is refused when it ends at any byte, but at the end of an operation", async () => {
    const whole = Buffer.concat([
      encodePlanHeader(STREAM_COUNT),
      encodeOp(file("f", 5)),
      Buffer.from("hello"),
    ]);
    for (let length = 0; length < whole.length; length++) {
      if (length === 12) continue;
      expect(await send(whole.subarray(0, length)), String(length)).toMatch(/^failed plan EBADMSG 74 \d+: /);
    }
  });

  test("of operations from elsewhere, or of too many, is refused", async () => {
    expect(await tree({ op: "init" })).toBe("failed plan EBADMSG 74 0: this operation is not allowed here");
    const counted = encodePlan([dir("a")]);
    expect(await send(counted)).toBe("ok");
    expect(await send(Buffer.concat([counted, encodeOp(dir("b"))]))).toContain(
      "bytes follow the last operation",
    );
  });

  test("of random mutations leaves everything else alone", async () => {
    const whole = Buffer.concat([
      encodePlanHeader(STREAM_COUNT),
      ...[dir("a"), file("a/f", 0), symlink("a/l", "f"), remove("a/f")].map(encodeOp),
    ]);
    let state = 42;
    const random = (limit: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 8) % limit;
    };
    for (let round = 0; round < 150; round++) {
      const mutated = Buffer.from(whole);
      for (let count = 0; count < 3; count++) mutated[random(whole.length)] = random(256);
      expect(await send(mutated)).toMatch(/^(ok|failed )/);
    }
    expect(readdirSync(place.path)).toEqual(["root"]);
  });
});

describe("tree_enter", () => {
  // This process's own root stands for a container's: what counts is how the path is found beneath it.
  const startTime = () => BigInt(readFileSync("/proc/self/stat", "latin1").split(") ")[1]!.split(" ")[19]!);
  const enter = (path: string, changes: Partial<Extract<Op, { op: "tree_enter" }>> = {}): Op => ({
    op: "tree_enter",
    root: "container",
    pid: process.pid,
    startTime: startTime(),
    path,
    ...changes,
  });
  const inContainer = (path: string): Op => ({
    ...(file(path, 5) as Extract<Op, { op: "tree_file" }>),
    root: "container",
  });

  test("names a directory of the process's root, made where it is missing and found through links", async () => {
    symlinkSync(join(root, "real"), join(root, "link"));
    expect(await tree(enter(join(root, "real", "app")), inContainer("one"), "hello")).toBe("ok");
    expect(await tree(enter(join(root, "link", "app")), inContainer("two"), "world")).toBe("ok");
    expect(readdirSync(join(root, "real", "app")).sort()).toEqual(["one", "two"]);
  });

  test("refuses a process that is another one by now, and a path that is a file", async () => {
    expect(await tree(enter(root, { startTime: 1n }), inContainer("a"), "hello")).toMatch(
      /^failed tree_enter ESRCH \d+ \d+: opening the root of the process/,
    );
    writeFileSync(join(root, "file"), "");
    expect(await tree(enter(join(root, "file")))).toMatch(/^failed tree_enter ENOTDIR/);
    expect(await tree(inContainer("a"), "hello")).toMatch(/^failed tree_file ENOENT/);
  });
});
