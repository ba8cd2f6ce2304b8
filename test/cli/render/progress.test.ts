import { describe, expect, it } from "vitest";
import { openProgress, type ProgressKind } from "../../../src/cli/render/progress.ts";
import type { ProgressEvent } from "../../../src/supervisor/index.ts";

const EVENTS: readonly ProgressEvent[] = [
  { kind: "network", name: "shop_default", status: "creating", time: 0 },
  { kind: "network", name: "shop_default", status: "created", time: 100 },
  { kind: "container", name: "shop-web-1", status: "recreating", detail: "image changed", time: 200 },
  { kind: "container", name: "shop-web-1", status: "error", detail: "port 80 is taken", time: 300 },
];

async function shown(kind: ProgressKind, isTerminal = false): Promise<string> {
  const parts: string[] = [];
  const view = openProgress(kind, { write: (part) => parts.push(String(part)), isTerminal }, "never");
  for (const event of EVENTS) view.show(event);
  await view.end();
  return parts.join("");
}

describe("openProgress", () => {
  it("prints Docker Compose's plain lines", async () => {
    expect(await shown("plain")).toBe(
      [
        " Network shop_default  Creating",
        " Network shop_default  Created",
        " Container shop-web-1  Recreating  image changed",
        " Container shop-web-1  Error  port 80 is taken",
        "",
      ].join("\n"),
    );
  });

  it("does not say the same of the same thing twice in a row", async () => {
    const parts: string[] = [];
    const view = openProgress(
      "plain",
      { write: (part) => parts.push(String(part)), isTerminal: false },
      "never",
    );
    for (const name of ["a", "b", "a"]) view.show({ kind: "container", name, status: "waiting", time: 0 });
    view.show({ kind: "container", name: "a", status: "healthy", time: 1 });
    expect(parts.join("")).toBe(" Container a  Waiting\n Container b  Waiting\n Container a  Healthy\n");
  });

  it("is plain where there is no terminal, or none that may be controlled", async () => {
    expect(await shown("auto")).toBe(await shown("plain"));
    expect(await shown("auto", true)).toBe(await shown("plain"));
  });

  it("says nothing when it is to be quiet", async () => {
    expect(await shown("quiet")).toBe("");
  });
});
