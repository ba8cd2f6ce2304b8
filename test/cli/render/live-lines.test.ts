import { describe, expect, it } from "vitest";
import { LiveLines } from "../../../src/cli/render/live-lines.ts";
import type { ProgressEvent } from "../../../src/supervisor/index.ts";

const container = (name: string, status: ProgressEvent["status"], time: number): ProgressEvent => ({
  kind: "container",
  name,
  status,
  time,
});

function linesOf(...events: ProgressEvent[]): LiveLines {
  const lines = new LiveLines();
  for (const event of events) lines.take(event);
  return lines;
}

const texts = (lines: readonly { readonly text: string }[]) => lines.map(({ text }) => text);

describe("the live view", () => {
  it("shows each thing with its state, and how long it takes or took", () => {
    const lines = linesOf(
      { kind: "network", name: "front", status: "creating", time: 0 },
      container("web", "starting", 0),
      { kind: "network", name: "front", status: "created", time: 40 },
    );
    expect(texts(lines.visible(1200, 10))).toEqual([
      "Network front  Created  40ms",
      "Container web  Starting  1.2s",
    ]);
  });

  it("aligns names of wide characters", () => {
    const lines = linesOf(container("データ", "started", 0), container("web", "started", 0));
    expect(texts(lines.visible(0, 10))).toEqual([
      "Container データ  Started  0ms",
      "Container web     Started  0ms",
    ]);
  });

  it("shows layers in the line of their image", () => {
    const lines = linesOf({
      kind: "layer",
      name: "0123",
      parent: "nginx",
      status: "downloading",
      current: 500,
      total: 1000,
      time: 0,
    });
    expect(texts(lines.visible(0, 10))).toEqual(["Image nginx  Pulling  0ms  [⣤] 500B / 1kB"]);
  });

  it("keeps to the screen: what failed and what is under way stays, and the rest is counted", () => {
    const lines = linesOf(
      container("a", "started", 0),
      container("b", "started", 0),
      container("c", "waiting", 0),
      container("d", "error", 0),
      container("e", "starting", 0),
    );
    const shown = texts(lines.visible(0, 4));
    expect(shown.map((text) => text.replace(/ {2}.*/, ""))).toEqual([
      "Container c",
      "Container d",
      "Container e",
      "and 2 more, 2 of them done",
    ]);
  });

  it("leaves one line when all went well", () => {
    const lines = linesOf(
      { kind: "network", name: "front", status: "created", time: 100 },
      container("web", "starting", 200),
      container("web", "healthy", 2100),
      container("db", "healthy", 1000),
      container("job", "exited", 1000),
    );
    expect(lines.final()).toEqual([
      { phase: "done", text: "1 network created, 3 containers (2 healthy, 1 exited)  2.0s" },
    ]);
  });

  it("leaves a line for each thing that went wrong", () => {
    const lines = linesOf(
      container("a", "removed", 0),
      container("b", "removed", 0),
      { ...container("web", "error", 10), detail: "port 80 is taken" },
      { kind: "image", name: "nginx", status: "warning", detail: "still in use", time: 10 },
    );
    expect(lines.final()).toEqual([
      { phase: "failed", text: "Container web  Error  0ms  port 80 is taken" },
      { phase: "warned", text: "Image nginx    Warning  0ms  still in use" },
      { phase: "done", text: "2 containers removed  10ms" },
    ]);
  });

  it("says of a single thing what became of it", () => {
    expect(texts(linesOf(container("web", "stopped", 0)).final())).toEqual(["Container web  Stopped  0ms"]);
  });
});
