import { describe, expect, it } from "vitest";
import { type AttachedDoor, attachedUp } from "../../../src/cli/attached/attached-up.ts";
import { judgeExit } from "../../../src/cli/attached/exit-rule.ts";
import { RunningSet } from "../../../src/cli/attached/running-set.ts";
import { GantryError } from "../../../src/lib/diagnostic.ts";
import type { ContainerEvent, UpParams } from "../../../src/supervisor/index.ts";

const RULE = { abortOnExit: false, abortOnFailure: false, exitCodeFrom: undefined };

function event(
  service: string,
  action: ContainerEvent["action"],
  attributes: Record<string, string> = {},
): ContainerEvent {
  return {
    container: { id: `id-${service}`, name: `${service}-1`, service, number: 1 },
    action,
    attributes,
    time: 0,
  };
}

const died = (service: string, exitCode = 0) => event(service, "die", { exitCode: String(exitCode) });

describe("judgeExit", () => {
  it("goes on by default, whatever the exit code", () => {
    expect(judgeExit(RULE, "web", 1)).toEqual({ stopAll: false });
  });

  it("stops at the first exit, or the first failure, with that exit code", () => {
    expect(judgeExit({ ...RULE, abortOnExit: true }, "web", 0)).toEqual({ stopAll: true, exitCode: 0 });
    expect(judgeExit({ ...RULE, abortOnFailure: true }, "web", 0)).toEqual({ stopAll: false });
    expect(judgeExit({ ...RULE, abortOnFailure: true }, "web", 3)).toEqual({ stopAll: true, exitCode: 3 });
  });

  it("takes the exit code of the service it was told", () => {
    const rule = { ...RULE, exitCodeFrom: "test" };
    expect(judgeExit(rule, "web", 1)).toEqual({ stopAll: false });
    expect(judgeExit(rule, "test", 7)).toEqual({ stopAll: true, exitCode: 7 });
    expect(judgeExit({ ...rule, abortOnExit: true }, "web", 1)).toEqual({ stopAll: true });
  });
});

describe("RunningSet", () => {
  const policy = (name: "no" | "always" | "on-failure", maximumRetryCount = 0, restarts = 0) => ({
    policy: { name, maximumRetryCount },
    restarts,
  });

  it.each([
    ["no", policy("no"), 1, true],
    ["always", policy("always"), 0, false],
    ["on-failure, success", policy("on-failure"), 0, true],
    ["on-failure", policy("on-failure"), 1, false],
    ["on-failure, tries left", policy("on-failure", 3, 2), 1, false],
    ["on-failure, none left", policy("on-failure", 3, 3), 1, true],
  ])("after the end of a container with policy %s", (_name, prospects, exitCode, isFinal) => {
    const set = new RunningSet();
    set.apply(event("web", "start"), () => prospects);
    expect(set.apply(died("web", exitCode), () => prospects)).toBe(isFinal);
    expect(set.isEmpty).toBe(isFinal);
  });

  it("no longer stays for a container that was stopped by hand or removed", () => {
    const set = new RunningSet();
    set.add("id-web");
    set.apply(event("web", "stop"), () => policy("always"));
    expect(set.isEmpty).toBe(true);
  });
});

/** A supervisor that brings up `services` and says what the test makes it say. */
function madeUp(services: readonly string[]) {
  const calls: string[] = [];
  const lines: string[] = [];
  let tell: (event: ContainerEvent) => void = () => undefined;
  const call = async (method: string, params: { services?: readonly string[] }, onEvent: typeof tell) => {
    calls.push(params.services?.length ? `${method} ${params.services.join(" ")}` : method);
    if (method === "subscribe") {
      tell = onEvent;
      return new Promise(() => undefined);
    }
    if (method === "up") for (const service of services) tell(event(service, "start"));
    if (method === "stop") for (const service of params.services ?? []) tell(died(service, 143));
    return { containers: services.map((service) => `id-${service}`) };
  };
  const door: AttachedDoor = {
    project: { call: call as never },
    progress: { show: () => undefined, end: async () => undefined },
    follow: ({ name }) => lines.push(`follow ${name}`),
    drain: () => undefined,
    prospects: () => ({ policy: { name: "no", maximumRetryCount: 0 }, restarts: 0 }),
    stateOf: () => ({ isUp: true, exitCode: 0 }),
    containerOf: (id) => event(id.slice(3), "start").container,
    announceExit: ({ name }, exitCode) => lines.push(`${name} exited with code ${exitCode}`),
    offerLeaving: () => undefined,
    remark: (line) => lines.push(line),
  };
  return { door, calls, lines, tell: (one: ContainerEvent) => tell(one) };
}

const request = { timeout: 5 } as UpParams;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("attachedUp", () => {
  it("stays until every container has ended", async () => {
    const { door, lines, tell } = madeUp(["web", "db"]);
    const exitCode = attachedUp(door, request, RULE);
    await turn();
    tell(died("web", 1));
    await turn();
    expect(lines).toContain("web-1 exited with code 1");
    tell(died("db"));
    expect(await exitCode).toBe(0);
    expect(lines.at(-1)).toBe("db-1 exited with code 0");
  });

  it("stops the others when the rule says so, and leaves with that container's exit code", async () => {
    const { door, calls, tell } = madeUp(["web", "db"]);
    const exitCode = attachedUp(door, request, { ...RULE, abortOnExit: true });
    await turn();
    tell(died("web", 3));
    expect(await exitCode).toBe(3);
    expect(calls.at(-1)).toBe("stop web db");
  });

  it("stops in order at the first interrupt, kills at the second", async () => {
    const { door, calls } = madeUp(["web"]);
    const never = new Promise(() => undefined);
    const { call } = door.project;
    const project = {
      call: (method: string, ...rest: unknown[]) => {
        const answer = (call as (...all: unknown[]) => Promise<unknown>)(method, ...rest);
        return method === "stop" ? never : answer;
      },
    } as never;
    const exitCode = attachedUp({ ...door, project }, request, RULE);
    await turn();
    process.emit("SIGINT");
    await turn();
    expect(calls.at(-1)).toBe("stop web");
    process.emit("SIGINT");
    expect(await exitCode).toBe(130);
    expect(calls.at(-1)).toBe("kill web");
    expect(process.listenerCount("SIGINT")).toBe(0);
  });

  it("is not surprised that its own stop breaks off its up", async () => {
    const { door } = madeUp([]);
    let refuse: (error: Error) => void = () => undefined;
    const project = {
      call: async (method: string) => {
        if (method === "up") return new Promise((_, reject) => (refuse = reject));
        if (method === "subscribe") return new Promise(() => undefined);
        refuse(new GantryError("interrupted", "stop came in between"));
        return {};
      },
    } as never;
    const exitCode = attachedUp({ ...door, project }, request, RULE);
    await turn();
    process.emit("SIGTERM");
    expect(await exitCode).toBe(130);
  });
});
