import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

/** With the capability that the kernel log asks for, so that the device rules alone decide. */
const SLEEP = `image: busybox, command: [sleep, "1000"], cap_add: [SYSLOG]`;

/** Makes a node for a device in the container and reads from it: the node can be made, what counts is the reading. */
const reads = async (stack: Stack, service: string, node: string) => {
  const script = `rm -f /tmp/node; mknod /tmp/node ${node} && head -c 1 /tmp/node > /dev/null`;
  const { code, stderr } = await stack.run(["exec", "-T", service, "sh", "-c", script]);
  if (code !== 0) expect(stderr).toContain("Operation not permitted");
  return code === 0;
};

it("a container opens the devices it was given, whatever nodes it makes, also when it is started again", async () => {
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
  const [zero, kernelLog] = ["c 1 5", "c 1 11"];
  expect(await reads(stack, "plain", zero)).toBe(true);
  expect(await reads(stack, "all", kernelLog)).toBe(true);
  for (let start = 1; start <= 2; start++) {
    expect(await reads(stack, "plain", kernelLog)).toBe(false);
    expect(await reads(stack, "given", kernelLog)).toBe(true);
    // A rule of any type with numbers is about those numbers alone, and writing is not reading.
    expect(await reads(stack, "other", kernelLog)).toBe(false);
    if (start === 1) await stack.succeed(["restart", "-t", "0", "plain", "given", "other"]);
  }
});
