import { describe, expect, it } from "vitest";
import { noPaint } from "../../../src/cli/render/paint.ts";
import { timelineReport } from "../../../src/cli/timeline/report.ts";
import { timelineSvg } from "../../../src/cli/timeline/svg.ts";
import { timelineText } from "../../../src/cli/timeline/text.ts";
import type { Timeline } from "../../../src/supervisor/index.ts";

const step = (id: string, name: string, service: string, after: string[] = []) => ({
  id,
  after,
  name,
  service,
  type: id.split(" ")[0] as "start-container",
});
const done = (id: string, began: number, ended: number) => ({ type: "step" as const, id, began, ended });
const probe = (began: number, ended: number, status: "starting" | "healthy") => ({
  type: "probe" as const,
  container: "shop-db-1",
  service: "db",
  exitCode: status === "healthy" ? 0 : 1,
  interval: 5000,
  began,
  ended,
  status,
});

/** `web` waits for `db` to be healthy; its image is pulled first. Monotonic time begins at 1000. */
const timeline: Timeline = {
  version: 1,
  time: 0,
  began: 1000,
  spans: [{ kind: "pull", image: "nginx", services: ["web"], began: 1100, ended: 2000 }],
  kept: ["shop-cache-1"],
  steps: [
    step("create-container db", "shop-db-1", "db"),
    step("start-container db", "shop-db-1", "db", ["create-container db"]),
    { ...step("wait-for db", "db", "db", ["start-container db"]), condition: "service_healthy" },
    step("create-container web", "shop-web-1", "web"),
    step("start-container web", "shop-web-1", "web", ["create-container web", "wait-for db"]),
  ],
  done: [
    done("create-container db", 2100, 2150),
    done("create-container web", 2100, 2200),
    done("start-container db", 2150, 2300),
    done("wait-for db", 2300, 5310),
    done("start-container web", 5310, 5400),
  ],
  probes: [probe(2300, 2310, "starting"), probe(3700, 3710, "starting"), probe(5300, 5310, "healthy")],
  end: { type: "end", ended: 5400 },
};

describe("the timeline of an up", () => {
  const report = timelineReport("shop", timeline);

  it("goes back from the end to what each step waited for longest", () => {
    expect(report.path.map(({ what, began, ended }) => [what, ended - began])).toEqual([
      ["read the files", 100],
      ["pull image nginx", 900],
      ["hand over to the supervisor", 100],
      ["create container shop-db-1", 50],
      ["start container shop-db-1", 150],
      ["wait until db is healthy", 3010],
      ["start container shop-web-1", 90],
    ]);
    expect(report.path.reduce((sum, { began, ended }) => sum + ended - began, 0)).toBe(report.total);
  });

  it("says what a dependency cost: how much earlier its dependent could have started without it", () => {
    expect(report.dependencies).toEqual([
      { service: "web", dependency: "db", condition: "service_healthy", milliseconds: 5310 - 2200 },
    ]);
  });

  it("advises by figures, the largest saving first", () => {
    expect(report.advice.map(({ service, saves }) => [service, saves])).toEqual([
      ["web", 3110],
      ["db", 1590],
      ["web", 900],
    ]);
    expect(report.advice[1]?.text).toContain("start_interval");
  });

  it("is drawn no wider than the terminal, with ready where a container was ready", () => {
    const text = timelineText(report, { paint: noPaint, width: 80 });
    const bars = text.split("\n").filter((line) => line.startsWith("shop-"));
    expect(bars).toHaveLength(2);
    expect(Math.max(...bars.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(bars[0]).toMatch(/^shop-db-1 +c*█+─+● +4\.31 s$/);
    expect(text).toContain("unchanged: shop-cache-1");
    expect(timelineSvg(report)).toMatch(/^<svg [\s\S]*shop-web-1[\s\S]*<\/svg>\n$/);
  });

  it("tells of an up that was broken off what was done by then", () => {
    const broken = timelineReport("shop", { ...timeline, end: undefined, done: timeline.done.slice(0, 3) });
    expect(timelineText(broken, { paint: noPaint, width: 80 })).toContain("not finished, or broken off");
    const nothing = timelineReport("shop", { ...timeline, spans: [], end: undefined, done: [], probes: [] });
    expect(timelineText(nothing, { paint: noPaint, width: 80 })).toContain("broken off");
    expect(timelineSvg(nothing)).toContain("</svg>");
  });
});
