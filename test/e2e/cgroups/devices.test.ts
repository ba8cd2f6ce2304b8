import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { needsCgroups } from "../../support/test-user.ts";

/** With the capability that the kernel log asks for, so that the device rules alone decide. */
const SLEEP = `image: busybox, command: [sleep, "1000"], cap_add: [SYSLOG]`;

const [ZERO, KERNEL_LOG] = ["1 5", "1 11"];

/** Makes nodes for character devices in the container, which it may, and says of each whether it can be read. */
async function reads(stack: Stack, service: string, ...nodes: readonly string[]): Promise<string> {
  const attempts = nodes.map(
    (node) =>
      `rm -f /tmp/node; mknod /tmp/node c ${node}; head -c 1 /tmp/node >/dev/null && echo yes || echo no`,
  );
  const { stdout, stderr } = await stack.run(["exec", "-T", service, "sh", "-c", attempts.join("; ")]);
  expect(
    stderr.split("\n").filter((line) => line !== "" && !line.endsWith("Operation not permitted")),
  ).toEqual([]);
  return stdout.trim().replaceAll("\n", " ");
}

it("a container opens the devices it was given, whatever nodes it makes, also when it is started again", async (context) => {
  needsCgroups(context);
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  plain: { ${SLEEP} }
  given: { ${SLEEP}, device_cgroup_rules: ["c 1:11 r"] }
  other: { ${SLEEP}, device_cgroup_rules: ["a 4:* r", "c 1:11 w"] }
  all: { ${SLEEP}, privileged: true }
`,
  });
  await stack.succeed(["up", "-d"]);
  expect(await reads(stack, "all", KERNEL_LOG)).toBe("yes");
  for (let start = 1; start <= 2; start++) {
    expect(await reads(stack, "plain", ZERO, KERNEL_LOG)).toBe("yes no");
    expect(await reads(stack, "given", KERNEL_LOG)).toBe("yes");
    // A rule of any type with numbers is about those numbers alone, and writing is not reading.
    expect(await reads(stack, "other", KERNEL_LOG)).toBe("no");
    if (start === 1) await stack.succeed(["restart", "-t", "0", "plain", "given", "other"]);
  }
});
