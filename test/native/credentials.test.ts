import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CapabilitiesOp, Op } from "../../src/lib/launch-plan/index.ts";
import { containerPlan, execOp, shell } from "./support/plans.ts";
import { makeRootfs, type Workspace, workspace } from "./support/rootfs.ts";
import { run } from "./support/shim.ts";

let place: Workspace;
let root: string;
beforeAll(() => {
  place = workspace();
  root = makeRootfs(join(place.path, "root"));
});
afterAll(() => place[Symbol.dispose]());

/** Fields of the program's /proc/self/status after these operations. */
async function statusAfter(...inside: Op[]): Promise<Record<string, string>> {
  const { stdout, status } = await run(containerPlan(root, execOp(["cat", "/proc/self/status"]), { inside }));
  if (!status.startsWith("ok")) throw new Error(status);
  const lines = stdout.trimEnd().split("\n");
  return Object.fromEntries(lines.map((line) => line.split(/:\s*/) as [string, string]));
}
const failureOf = async (...inside: Op[]) =>
  (await run(containerPlan(root, shell("true"), { inside }))).status;

const CHOWN = 1n << 0n;
const KILL = 1n << 5n;
const NET_RAW = 1n << 13n;
const hex = (set: bigint) => set.toString(16).padStart(16, "0");
const capabilities = (changes: Partial<CapabilitiesOp>): CapabilitiesOp => ({
  op: "capabilities",
  bounding: 0n,
  effective: 0n,
  permitted: 0n,
  inheritable: 0n,
  ambient: 0n,
  ...changes,
});
const user = (uid: number, gid: number): Op => ({ op: "user", uid, gid });

test("user and groups set all ids", async () => {
  const status = await statusAfter({ op: "groups", gids: [5, 6] }, user(1000, 1001));
  expect(status["Uid"]).toBe("1000\t1000\t1000\t1000");
  expect(status["Gid"]).toBe("1001\t1001\t1001\t1001");
  expect(status["Groups"]).toBe("5 6 ");
});

describe("capabilities", () => {
  test("of root are those of the bounding set, and all others are gone for good", async () => {
    const kept = CHOWN | KILL;
    const status = await statusAfter(capabilities({ bounding: kept, effective: kept, permitted: kept }));
    expect(status).toMatchObject({
      CapBnd: hex(kept),
      CapEff: hex(kept),
      CapPrm: hex(kept),
      CapInh: hex(0n),
    });
  });

  test("of another user survive only as ambient ones", async () => {
    const all = { bounding: CHOWN | NET_RAW, effective: NET_RAW, permitted: NET_RAW, inheritable: NET_RAW };
    const with_ = await statusAfter(user(1000, 1000), capabilities({ ...all, ambient: NET_RAW }));
    expect(with_).toMatchObject({ CapBnd: hex(CHOWN | NET_RAW), CapEff: hex(NET_RAW), CapAmb: hex(NET_RAW) });
    const without = await statusAfter(user(1000, 1000), capabilities(all));
    expect(without).toMatchObject({
      CapEff: hex(0n),
      CapPrm: hex(0n),
      CapInh: hex(NET_RAW),
      CapAmb: hex(0n),
    });
  });

  test("that the process does not have are refused", async () => {
    const sets = capabilities({ bounding: CHOWN, permitted: CHOWN, effective: CHOWN });
    expect(await failureOf(sets, capabilities({ ...sets, permitted: CHOWN | KILL }))).toBe(
      "failed capabilities EPERM 1 0x21: setting the capabilities\n",
    );
  });

  test("that are not inheritable cannot be ambient", async () => {
    const sets = { bounding: KILL, permitted: KILL, effective: KILL };
    expect(await failureOf(capabilities({ ...sets, ambient: KILL }))).toBe(
      "failed capabilities EPERM 1 5: raising the ambient capability\n",
    );
  });
});

test("no_new_privs is set", async () => {
  expect((await statusAfter())["NoNewPrivs"]).toBe("0");
  expect((await statusAfter({ op: "no_new_privs" }))["NoNewPrivs"]).toBe("1");
});

describe("seccomp", () => {
  const instruction = (code: number, k: number, jt = 0, jf = 0) => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt16LE(code, 0);
    bytes.writeUInt8(jt, 2);
    bytes.writeUInt8(jf, 3);
    bytes.writeUInt32LE(k, 4);
    return bytes;
  };
  const ALLOW = 0x7fff0000;
  const EACCES = 0x0005000d;
  const load = instruction(0x20, 0);
  /** mkdir (x86-64: 83, 258; arm64: 34) fails with EACCES. */
  const program = Buffer.concat([
    load,
    instruction(0x15, process.arch === "arm64" ? 34 : 83, 2, 0),
    instruction(0x15, 258, 1, 0),
    instruction(0x06, ALLOW),
    instruction(0x06, EACCES),
  ]);

  test.each([
    ["with no_new_privs", [{ op: "no_new_privs" }] as Op[]],
    ["without no_new_privs, as CAP_SYS_ADMIN allows", [] as Op[]],
  ])("filters system calls %s", async (_, before) => {
    const inside: Op[] = [...before, { op: "seccomp", flags: 0n, program }];
    const { stderr, code } = await run(containerPlan(root, shell("mkdir /tmp/x"), { inside }));
    expect(stderr).toContain("Permission denied");
    expect(code).toBe(1);
    expect(await statusAfter(...inside)).toMatchObject({ Seccomp: "2" });
  });

  test.each([
    ["of no instructions", Buffer.alloc(0)],
    ["of half an instruction", Buffer.alloc(12)],
    ["of too many instructions", Buffer.alloc(8 * 4097)],
  ])("refuses a program %s", async (_, bytes) => {
    expect(await failureOf({ op: "seccomp", flags: 0n, program: bytes })).toBe(
      `failed seccomp EINVAL 22 -: ${bytes.length} bytes are not a filter program\n`,
    );
  });

  test("reports a program that the kernel refuses", async () => {
    expect(await failureOf({ op: "seccomp", flags: 0n, program: load })).toBe(
      "failed seccomp EINVAL 22 -: installing the filter of 1 instructions\n",
    );
  });
});

describe("limits and names", () => {
  const output = async (script: string, ...inside: Op[]) => {
    const { stdout, status } = await run(containerPlan(root, shell(script), { inside }));
    return status.startsWith("ok") ? stdout : status;
  };

  test("rlimit sets soft and hard limit", async () => {
    const limit: Op = { op: "rlimit", resource: 7, soft: 100n, hard: 200n };
    expect(await output("ulimit -Sn; ulimit -Hn", limit)).toBe("100\n200\n");
  });

  test("rlimit names the limit that cannot be set", async () => {
    expect(await output("true", { op: "rlimit", resource: 7, soft: 2n, hard: 1n })).toBe(
      "failed rlimit EINVAL 22 7: setting the resource limit to 2:1\n",
    );
  });

  test("umask, oom_score_adj, hostname and domainname are set", async () => {
    const script = "umask; cat /proc/self/oom_score_adj; hostname; cat /proc/sys/kernel/domainname";
    expect(
      await output(
        script,
        { op: "umask", mask: 0o027 },
        { op: "oom_score_adj", value: 321 },
        { op: "hostname", name: "box" },
        { op: "domainname", name: "example.test" },
      ),
    ).toBe("0027\n321\nbox\nexample.test\n");
  });

  test.each([
    ["net.ipv4.ip_default_ttl", "/proc/sys/net/ipv4/ip_default_ttl"],
    ["net/ipv4/ip_default_ttl", "/proc/sys/net/ipv4/ip_default_ttl"],
    ["kernel.shm_rmid_forced", "/proc/sys/kernel/shm_rmid_forced"],
  ])("sysctl sets %s of the container's namespaces", async (key, path) => {
    expect(await output(`cat ${path}`, { op: "sysctl", key, value: "1", optional: 0 })).toBe("1\n");
  });

  test("sysctl passes over a missing key only when it is optional", async () => {
    const missing = (optional: number): Op => ({ op: "sysctl", key: "net.no.such", value: "1", optional });
    expect(await output("echo ran", missing(1))).toBe("ran\n");
    expect(await output("echo ran", missing(0))).toBe(
      "failed sysctl ENOENT 2 net.no.such: opening the kernel parameter\n",
    );
  });

  test("sysctl refuses a key that leads elsewhere", async () => {
    expect(
      await output("true", { op: "sysctl", key: "../self/oom_score_adj", value: "1", optional: 1 }),
    ).toContain("failed sysctl EINVAL 22 ../self/oom_score_adj");
  });
});
