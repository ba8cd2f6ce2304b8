import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { eventJson } from "../../../../src/cli/render/event-text.ts";
import { buildStreamEvent, eventLine } from "../../../../src/cli/render/events/event-line.ts";
import { noPaint } from "../../../../src/cli/render/paint.ts";
import { openProgress } from "../../../../src/cli/render/progress.ts";
import { reportError } from "../../../../src/cli/render/report-format.ts";
import { watchStreamEvent } from "../../../../src/cli/watch/print-watch.ts";
import { GantryError } from "../../../../src/lib/diagnostic.ts";

const schema = JSON.parse(
  readFileSync(resolve(import.meta.dirname, "../../../../schemas/events.schema.json"), "utf8"),
);
const ajv = new Ajv2020({ strict: true, strictRequired: false, formats: { "date-time": true } });
// Readers pass over fields they do not know; the program has none that the schema does not.
const isEvent = ajv.compile({ ...schema, unevaluatedProperties: false });

/** Lines of a stream, each as the schema has it. */
function events(text: string): Readonly<Record<string, unknown>>[] {
  const lines = text.trimEnd().split("\n");
  return lines.map((line) => {
    const event = JSON.parse(line);
    expect(isEvent(event) ? [] : isEvent.errors, line).toEqual([]);
    return event;
  });
}

describe("the event stream", () => {
  it("tells progress with Docker Compose's fields and its own", () => {
    const parts: string[] = [];
    const output = { write: (part: string | Uint8Array) => parts.push(String(part)), isTerminal: false };
    const view = openProgress("json", output, "never");
    view.show({
      kind: "container",
      name: "shop-web-1",
      status: "error",
      detail: "port 80 is taken",
      time: 0,
    });
    view.show({
      kind: "layer",
      name: "0123",
      parent: "nginx",
      status: "downloading",
      current: 5,
      total: 20,
      time: 1,
    });
    expect(events(parts.join(""))).toEqual([
      {
        version: 1,
        type: "progress",
        time: "1970-01-01T00:00:00.000Z",
        id: "Container shop-web-1",
        status: "Error",
        text: "Error",
        details: "port 80 is taken",
        kind: "container",
        name: "shop-web-1",
        state: "error",
      },
      {
        version: 1,
        type: "progress",
        time: "1970-01-01T00:00:00.001Z",
        id: "0123",
        parent_id: "Image nginx",
        status: "Working",
        text: "Downloading",
        current: 5,
        total: 20,
        percent: 25,
        kind: "layer",
        name: "0123",
        state: "downloading",
      },
    ]);
  });

  it("tells an error last, after the faults it is made of", () => {
    const error = new GantryError("invalid-model", "the Compose file has a fault", {
      hint: "mend it",
      details: ["last words"],
      diagnostics: [
        {
          severity: "error",
          code: "unknown-key",
          message: "no key portz",
          position: { file: "/p/compose.yaml", line: 4, column: 5 },
          length: 5,
        },
      ],
    });
    const looks = { format: "events", paint: noPaint, workingDirectory: "/p" } as const;
    const [fault, end] = events(reportError(error, looks));
    expect(fault).toMatchObject({ type: "diagnostic", code: "unknown-key", line: 4, endColumn: 10 });
    expect(end).toMatchObject({
      type: "error",
      error: true,
      message: "the Compose file has a fault",
      hint: "mend it",
      details: ["last words"],
      exitCode: 1,
    });
  });

  it("tells builds, batches of saved files, remarks and the end", () => {
    const batch = {
      service: "web",
      action: "sync",
      paths: ["a"],
      changed: 1,
      removed: 0,
      milliseconds: 30,
    } as const;
    const lines = [
      eventLine(buildStreamEvent({ type: "started", step: 1, name: "FROM busybox" }), 0),
      eventLine(buildStreamEvent({ type: "ended", step: 1, outcome: "done", seconds: 0.2 }), 0),
      eventLine(watchStreamEvent({ type: "ready", rules: 2 }), 0),
      eventLine(watchStreamEvent({ type: "batch", ...batch }), 0),
      eventLine(watchStreamEvent({ type: "problem", service: "web", error: new Error("no") }), 0),
      eventLine({ type: "remark", text: "nothing to do" }, 0),
      eventLine({ type: "end", command: "up", exitCode: 0, milliseconds: 12 }, 0),
      eventJson({
        container: { id: "abc", name: "shop-web-1", service: "web", number: 1 },
        action: "start",
        attributes: {},
        time: 0,
      }),
    ];
    expect(events(lines.join("")).map(({ type, event }) => event ?? type)).toEqual([
      "started",
      "ended",
      "ready",
      "batch",
      "problem",
      "remark",
      "end",
      "container",
    ]);
  });
});
