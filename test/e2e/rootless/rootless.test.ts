import { spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { busyboxArchive } from "../../support/busybox-image.ts";
import { GANTRY, Stack } from "../../support/stack.ts";
import { credentialsOf, testUser } from "../../support/test-user.ts";
import { until } from "../../support/until.ts";

const STACK = `
services:
  web:
    image: busybox
    command:
      - sh
      - -c
      - |
        mkdir -p /w/cgi-bin
        { echo '#!/bin/sh'; echo 'echo; echo $$REMOTE_ADDR'; } > /w/cgi-bin/client
        chmod +x /w/cgi-bin/client
        exec httpd -f -p 80 -h /w
    ports: ["21710:80"]
  idle: { image: busybox, command: [sleep, "1000"], user: ada, mem_limit: 64m, pids_limit: 50 }
`;

const ALONE = `
name: alone
services:
  web: { image: busybox, command: [sleep, "1000"], tty: true }
  ada: { image: busybox, command: [sleep, "1000"], user: ada, depends_on: [web] }
`;

const host = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === "IPv4" && !address.internal)!.address;

describe.skipIf(!testUser)("an ordinary user", () => {
  it("has containers whose users are the user's own ids, with a way out, and clients are seen", async () => {
    await using stack = await Stack.create({ "compose.yaml": STACK });
    const { stderr, code } = await stack.run(["up", "-d"]);
    expect(code, stderr).toBe(0);
    // On cgroup v1 one line for all limits of a service; none where they can be enforced.
    expect(stderr.match(/not enforced/g)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(await stack.inside("idle", "id", "-u")).toBe("1000");
    const seenOutside = statSync(`/proc/${await programOf(stack, "idle")}`).uid;
    expect(seenOutside).toBeGreaterThan(65_536);
    expect(statSync(join(stack.root, "gantry.db")).uid).toBe(testUser!.uid);

    const outside = createServer((socket) => socket.end()).listen(0, host);
    await once(outside, "listening");
    const { port } = outside.address() as AddressInfo;
    await stack.succeed(["exec", "-T", "idle", "nc", "-w", "3", host, String(port), "-e", "true"]);
    outside.close();

    await until("the client is told its own address", () => greeting(host) === `[::ffff:${host}]\n`, 5);
    const { stderr: refusal, code: refused } = await stack.run([
      "run",
      "--rm",
      "-p",
      "99:80",
      "idle",
      "true",
    ]);
    expect(refused).toBeGreaterThan(0);
    expect(refusal).toContain("sysctl");
    expect(refusal).toContain("ip_unprivileged_port_start");
  });

  it("loses nothing when pause process, keeper and pasta are killed, and leaves nothing", async () => {
    await using stack = await Stack.create({ "compose.yaml": STACK });
    await stack.succeed(["up", "-d"]);
    const namespaces = userNamespacesOfUser();
    expect(namespaces.size).toBe(1);
    process.kill(pidOf("gantry-shim pause"), "SIGKILL");
    expect(await stack.inside("idle", "id", "-u")).toBe("1000");
    process.kill(keeper(stack), "SIGKILL");
    await until("pasta has ended with its keeper", () => !processOf("/pasta --foreground"));
    process.kill(pidOf("gantry-shim pause"), "SIGKILL");
    await stack.succeed(["up", "-d"]);
    await until("the published port answers again", () => greeting("127.0.0.1") !== "", 5);

    process.kill(pidOf("/pasta --foreground"), "SIGKILL");
    await until("another pasta runs", () => processOf("/pasta --foreground"));
    expect(userNamespacesOfUser()).toEqual(namespaces);

    await stack.succeed(["down", "-t", "0"]);
    await until("the pause process has ended by itself", () => !processOf("gantry-shim pause"));
    expect(processOf("/pasta --foreground")).toBeUndefined();
  });

  it("without a range of ids runs what root in the container can, and says what is missing", async () => {
    const base = mkdtempSync(join(testUser!.home, "alone-"));
    const [programs, runtime] = [join(base, "bin"), join(base, "runtime")];
    for (const directory of [programs, runtime]) mkdirSync(directory, { mode: 0o755 });
    for (const path of [base, runtime]) chownSync(path, testUser!.uid, testUser!.gid);
    // Everything bin/gantry needs but newuidmap and newgidmap.
    for (const name of ["stat", "sh"]) symlinkSync(`/usr/bin/${name}`, join(programs, name));
    writeFileSync(join(base, "compose.yaml"), ALONE);
    const gantry = (args: readonly string[], input: string | Buffer = "") =>
      spawnSync("/usr/bin/setpriv", [...credentialsOf(testUser!), GANTRY, ...args], {
        cwd: base,
        env: { HOME: base, USER: testUser!.name, PATH: programs, XDG_RUNTIME_DIR: runtime },
        encoding: "utf8",
        input,
      });
    try {
      expect(gantry(["image", "import", "-", "busybox"], busyboxArchive(1000)).stderr).toContain(
        "/etc/subuid",
      );
      expect(gantry(["image", "import", "-", "busybox"], busyboxArchive(0)).status).toBe(0);
      const { stderr } = gantry(["up", "-d"]);
      expect(stderr).toContain("apt-get install uidmap");
      expect(stderr).toMatch(/container alone-ada-1: .*\[user-unmapped\]/);
      expect(gantry(["exec", "-T", "web", "id", "-u"]).stdout).toBe("0\n");
      expect(readdirSync(join(base, ".local/share/gantry/projects"))).toEqual(["alone"]);
      expect(readdirSync(join(runtime, "gantry/projects"))).toEqual(["alone"]);
    } finally {
      expect(gantry(["down", "-t", "0"]).status).toBe(0);
      await until("the pause process has ended", () => !processOf(`pause ${runtime}`));
      rmSync(base, { recursive: true });
    }
  });

  it("goes out by slirp4netns where pasta is missing, and several projects at once do not meet", async () => {
    const programs = mkdtempSync(join(testUser!.home, "programs-"));
    chmodSync(programs, 0o755);
    for (const name of ["setpriv", "stat", "sh", "rm", "mv", "newuidmap", "newgidmap", "slirp4netns"])
      symlinkSync(`/usr/bin/${name}`, join(programs, name));
    const outside = createServer((socket) => socket.on("error", () => undefined).end("hello\n")).listen(
      0,
      host,
    );
    await once(outside, "listening");
    const { port } = outside.address() as AddressInfo;
    try {
      await using one = await Stack.create({ "compose.yaml": STACK });
      await using other = await Stack.create({ "compose.yaml": STACK.replaceAll("21710", "21711") });
      const up = await one.run(["up", "-d"], { environment: { PATH: programs } });
      expect(up.code, up.stderr).toBe(0);
      expect(up.stderr).not.toContain("warning");
      await other.succeed(["up", "-d"]);
      const listen = `nc -w 3 ${host} ${port} -e sh -c 'read -r line; echo $line > /tmp/said'; cat /tmp/said`;
      for (const stack of [one, other]) expect(await stack.inside("web", "sh", "-c", listen)).toBe("hello");
      const address = /inet ([\d.]+)/.exec(
        await other.inside("idle", "ip", "-4", "addr", "show", "eth0"),
      )![1]!;
      const own = await one.inside("idle", "ip", "-4", "addr", "show", "eth0");
      expect(own, "the same subnet in each project").toContain(address.replace(/\d+$/, ""));
      expect(await one.inside("web", "hostname")).not.toBe(await other.inside("web", "hostname"));
      const doctor = await one.run(["doctor"], { environment: { PATH: programs } });
      expect(doctor.stdout).toMatch(/pasta +\S+slirp4netns instead/);
    } finally {
      outside.close();
      rmSync(programs, { recursive: true });
    }
  });

  it("does not meet in a directory of somebody else's", async () => {
    await using stack = await Stack.create({ "compose.yaml": STACK });
    const environment = { XDG_RUNTIME_DIR: "/root" };
    expect(await stack.run(["ps"], { environment })).toMatchObject({ code: 0 });
  });
});

const greeting = (address: string) =>
  spawnSync("curl", ["-fsS", "-m", "3", `http://${address}:21710/cgi-bin/client`], { encoding: "utf8" })
    .stdout;

/** The namespaces that processes of the user are in, but for the host's. */
function userNamespacesOfUser(): Set<string> {
  const own = readlinkSync("/proc/self/ns/user");
  return new Set(
    userProcesses()
      .flatMap((pid) => attempt(() => readlinkSync(`/proc/${pid}/ns/user`)) ?? [])
      .filter((one) => one !== own),
  );
}

/** A zombie, which a slow process 1 may leave for a while, still shows its namespaces but has no command line. */
const userProcesses = () =>
  readdirSync("/proc").filter(
    (name) =>
      /^\d+$/.test(name) &&
      attempt(() => statSync(`/proc/${name}`).uid) === testUser!.uid &&
      commandOf(name) !== "",
  );

function processOf(command: string): number | undefined {
  const found = readdirSync("/proc").filter(
    (name) => /^\d+$/.test(name) && commandOf(name).includes(command),
  );
  return found.length > 0 ? Number(found[0]) : undefined;
}

function pidOf(command: string): number {
  const pid = processOf(command);
  if (pid === undefined) throw new Error(`no process runs ${command}`);
  return pid;
}

const commandOf = (pid: string) =>
  attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")) ?? "";

const keeper = (stack: Stack) => pidIn(join(stack.root, "run/projects", stack.project, "keeper"));

async function programOf(stack: Stack, service: string): Promise<number> {
  const id = (await stack.succeed(["ps", "-q", service])).trim();
  return pidIn(join(stack.root, "run/containers", id, "monitor"));
}

/** Of a status file (docs/launch-plan.md). */
const pidIn = (file: string) => Number(/^pid (\d+)$/m.exec(readFileSync(file, "utf8"))![1]);

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
