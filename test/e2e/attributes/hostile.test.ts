import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { needsCgroups } from "../../support/test-user.ts";
import { until } from "../../support/until.ts";

const IDLE = `image: busybox, command: [sleep, "1000"]`;

it("a fork bomb and a memory hog stay inside", async (context) => {
  needsCgroups(context);
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  bomb: { image: busybox, pids_limit: 30, command: [sh, -c, "b() { b | b & }; b; sleep 1000"] }
  hog: { image: busybox, mem_limit: 32m, memswap_limit: 32m, command: [sh, -c, "tail /dev/zero"] }
  calm: { ${IDLE} }
`,
  });
  await stack.succeed(["up", "-d"]);
  const hog = async () => (await stack.ps("-a", "hog"))[0]!;
  await until("the hog is killed", async () => (await hog())["State"] === "exited");
  expect(await hog()).toMatchObject({ ExitCode: 137 });
  // Others start and run programs as ever, and the bomb goes with its container.
  expect(await stack.inside("calm", "echo", "well")).toBe("well");
  await stack.succeed(["kill", "bomb"]);
  expect((await stack.ps("-a", "bomb"))[0]).toMatchObject({ State: "exited", ExitCode: 137 });
});

it("a container without NET_ADMIN changes neither its address nor rules, and sends in nobody else's name", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a: { ${IDLE} }
  victim: { ${IDLE} }
`,
  });
  await stack.succeed(["up", "-d"]);
  const tries = [
    "ip addr add 10.9.9.9/24 dev eth0",
    "ip link set eth0 address 02:00:00:00:00:01",
    "ip link set eth0 promisc on",
    "ip route add 10.8.0.0/16 dev eth0",
    "ip rule add from all lookup 7",
    "echo 1 > /proc/sys/net/ipv4/ip_forward",
    "arp -s 10.1.1.1 02:00:00:00:00:02",
    "unshare -n true",
    "mount -t tmpfs none /tmp",
    "nsenter -t 1 -n ip link add d type dummy",
  ];
  for (const attempt of tries) {
    const { code, stderr } = await stack.run(["exec", "-T", "a", "sh", "-c", attempt]);
    expect(code, `${attempt}: ${stderr}`).not.toBe(0);
  }
  const victim = (await stack.inside("victim", "hostname", "-i")).split(" ")[0]!;
  const spoofed = await stack.run(["exec", "-T", "a", "ping", "-c1", "-W1", "-I", victim, victim]);
  expect(spoofed.code).not.toBe(0);
  expect(spoofed.stderr).toContain("can't set multicast source");
});
