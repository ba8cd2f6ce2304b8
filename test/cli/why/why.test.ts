import { expect, it } from "vitest";
import { histories } from "../../../src/cli/why/history.ts";
import { whyJson } from "../../../src/cli/why/why-json.ts";
import { whyText } from "../../../src/cli/why/why-text.ts";
import type { ContainerEvent } from "../../../src/supervisor/index.ts";
import { container } from "../../project/observed-fixtures.ts";

const at = Date.UTC(2026, 0, 31, 10);

function event(
  id: string,
  seconds: number,
  action: ContainerEvent["action"],
  why?: string,
  attributes: Record<string, string> = {},
): ContainerEvent {
  const subject = { id, name: "shop-web-1", service: "web", number: 1, image: "nginx" };
  const cause = why === undefined ? {} : { cause: { text: why } };
  return { container: subject, action, attributes, time: at + seconds * 1000, ...cause };
}

const events = [
  event("old", 0, "create", "service web has 0 of 1 containers"),
  event("old", 1, "start", "it is new"),
  event("old", 2, "health_status", "the probe failed 3 times", { health_status: "unhealthy" }),
  event("old", 3, "kill", "it is replaced", { signal: "15" }),
  {
    ...event("old", 4, "die", "it was ended by SIGTERM: it is replaced"),
    cause: { text: "ended", data: { sent: "SIGTERM" } },
  },
  event("old", 4, "stop", "it is replaced"),
  event("old", 5, "destroy", "it is replaced"),
  event("new", 5, "create", "its configuration changed: image"),
  event("new", 6, "start", "it is new"),
  event("new", 7, "kill", "`gantry kill` asked for SIGHUP", { signal: "1" }),
];

const running = container("web", 1, { status: "running" });
const current = { ...running, record: { ...running.record, id: "new", name: "shop-web-1" } };

it("answers first, then tells of all generations in order, each end with what led to it", () => {
  const lines = whyText(histories(events, [current]), at, Number.POSITIVE_INFINITY).split("\n");
  expect(lines[0]).toMatch(/^shop-web-1: Up .*: its configuration changed: image$/);
  const rest = lines.slice(1).map((line) => line.replace(/^ +\S+ \S+:\d\d:\d\d {2}/, "").trim());
  expect(rest).toEqual([
    "container old of nginx",
    "created    service web has 0 of 1 containers",
    "started    it is new",
    "unhealthy  the probe failed 3 times",
    "ended      ended",
    "removed    it is replaced",
    "container new of nginx",
    "created    its configuration changed: image",
    "started    it is new",
    "SIGHUP     `gantry kill` asked for SIGHUP",
    "",
  ]);
});

it("fits the terminal, long words aside", () => {
  const text = whyText(histories(events, [current]), at, 60);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(66);
});

it("of a container that is down tells how it ended, of one that is gone why it was removed", () => {
  const exited = { ...current, status: "exited" as const, exit: undefined };
  const died = [...events, event("new", 9, "die", "it ended by itself with exit code 1")];
  const answers = (all: ReturnType<typeof histories>) =>
    (JSON.parse(whyJson(all)) as { why: string; status: string }[]).map(({ why, status }) => [status, why]);
  expect(answers(histories(died, [exited]))).toEqual([["exited", "it ended by itself with exit code 1"]]);
  const gone = [...died, event("new", 10, "destroy", "the project is taken down")];
  expect(answers(histories(gone, []))).toEqual([["removed", "the project is taken down"]]);
});
