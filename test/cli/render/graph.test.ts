import { describe, expect, it } from "vitest";
import { graphDot } from "../../../src/cli/render/graph/dot.ts";
import { graphMermaid } from "../../../src/cli/render/graph/mermaid.ts";
import { graphSvg } from "../../../src/cli/render/graph/svg.ts";
import { graphText } from "../../../src/cli/render/graph/text.ts";
import { serviceGraph } from "../../../src/compose/index.ts";
import { project } from "../../compose/support/load-text.ts";

const services = serviceGraph(
  project(`services:
  web: {image: x, depends_on: {app: {condition: service_healthy, restart: true}, redis: {condition: service_started}}}
  app: {image: x, depends_on: {db: {condition: service_healthy}, migrate: {condition: service_completed_successfully, required: false}}}
  migrate: {image: x, depends_on: [db]}
  db: {image: x, healthcheck: {test: "true"}}
  redis: {image: x}
  end: {image: x, depends_on: {gone: {condition: service_started, required: false}}}
  gone: {image: x, profiles: [never]}
`),
);

describe("the graph of services", () => {
  it("is text in the order of starting, by level", () => {
    expect(graphText(services)).toBe(`1  db
   end
   redis
2  migrate  after db is started
3  app      after db is healthy, migrate has completed (optional)
4  web      after app is healthy (restarts with it), redis is started
`);
  });

  it("is a Mermaid flowchart, whatever the services are called", () => {
    expect(graphMermaid(services)).toBe(`flowchart LR
  s0["db"]
  s1["end"]
  s2["redis"]
  s3["migrate"]
  s4["app"]
  s5["web"]
  s3 -->|started| s0
  s4 -->|healthy| s0
  s4 -.->|completed_successfully| s3
  s5 -->|healthy| s4
  s5 -->|started| s2
`);
  });

  it("is DOT, with a rank for each level", () => {
    expect(graphDot(services).split("\n")).toEqual([
      "digraph services {",
      "  rankdir=RL",
      "  node [shape=box]",
      '  { rank=same; "db"; "end"; "redis" }',
      '  { rank=same; "migrate" }',
      '  { rank=same; "app" }',
      '  { rank=same; "web" }',
      '  "migrate" -> "db" [label="started"]',
      '  "app" -> "db" [label="healthy"]',
      '  "app" -> "migrate" [label="completed_successfully", style=dashed]',
      '  "web" -> "app" [label="healthy"]',
      '  "web" -> "redis" [label="started"]',
      "}",
      "",
    ]);
  });

  it("is a picture with every service and edge, and finite numbers", () => {
    const svg = graphSvg(services);
    for (const { name } of services) expect(svg).toContain(`>${name}</text>`);
    expect(svg.match(/marker-end/g)).toHaveLength(5);
    expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(graphSvg([])).not.toMatch(/NaN|Infinity|undefined/);
  });
});
