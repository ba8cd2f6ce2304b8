import { expect, it } from "vitest";
import { readinessSuite } from "../../../src/cli/readiness/readiness-suite.ts";
import { junitReport } from "../../../src/cli/render/junit.ts";
import { GantryError } from "../../../src/lib/diagnostic.ts";
import type { ProgressEvent } from "../../../src/supervisor/index.ts";

const event = (name: string, status: ProgressEvent["status"], time: number): ProgressEvent => ({
  kind: "container",
  name,
  status,
  time,
});
const request = { project: { name: "shop", services: {}, networks: {}, volumes: {} } };

it("has a case for each container, with what failed of it, and one for the command", () => {
  const failure = {
    code: "unhealthy",
    message: "container shop-db-1 is unhealthy",
    service: "db",
    containers: ["shop-db-1"],
    details: ['it said "<no>" & \u0000'],
  };
  const error = new GantryError("unhealthy", failure.message, { failures: [failure] });
  const events = [
    event("shop-db-1", "started", 1100),
    event("shop-cache-1", "healthy", 1250),
    event("shop-web-1", "created", 1050),
  ];
  expect(junitReport(readinessSuite({ request, started: 1000, ended: 3000, events, error }))).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="shop" tests="4" failures="2" errors="0" skipped="1" time="2.000" timestamp="1970-01-01T00:00:01.000Z">
    <testcase classname="shop" name="shop-cache-1" time="0.250"/>
    <testcase classname="shop" name="shop-db-1" time="2.000"><failure type="unhealthy" message="container shop-db-1 is unhealthy">container shop-db-1 is unhealthy
it said "&lt;no&gt;" &amp; ?</failure></testcase>
    <testcase classname="shop" name="shop-web-1" time="0.000"><skipped message="not started"/></testcase>
    <testcase classname="shop" name="up" time="2.000"><failure type="unhealthy" message="container shop-db-1 is unhealthy">container shop-db-1 is unhealthy</failure></testcase>
  </testsuite>
</testsuites>
`,
  );
});

it("has a failed case also when nothing came so far that there was a container", () => {
  const error = new GantryError("port-in-use", "port 80 is taken");
  const text = junitReport(readinessSuite({ request, started: 0, ended: 5, events: [], error }));
  expect(text).toContain('tests="1" failures="1"');
});
