import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

it("a key that has no effect here is a warning with its place, each and every one", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a:
    image: busybox
    cpu_count: 1
    cpu_percent: 50
    pull_refresh_after: 24h
    deploy: { endpoint_mode: dnsrr, labels: { x: y }, placement: { constraints: [a] }, update_config: { parallelism: 1 } }
networks: { default: { ipam: { driver: weave } } }
`,
  });
  const { code, stderr } = await stack.run(["config", "-q"]);
  expect(code).toBe(0);
  const keys = "cpu_count cpu_percent pull_refresh_after".split(" ");
  const nested = "endpoint_mode labels placement update_config driver".split(" ");
  for (const key of [...keys, ...nested])
    expect(stderr).toMatch(new RegExp(`compose\\.yaml:\\d+:\\d+: warning: ${key} is not honoured yet`));
});
