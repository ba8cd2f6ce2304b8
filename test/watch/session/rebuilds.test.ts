import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Rebuilds } from "../../../src/watch/session/rebuilds.ts";

describe("builds of a service's image", () => {
  it("are broken off by a newer save, whose build is about both and begins once the older has let go", async () => {
    const { builds, said, rebuilds } = watched();
    rebuilds.begin(["one"]);
    await turn();
    rebuilds.begin(["two"]);
    await turn();
    expect(builds.map(({ signal }) => signal.aborted)).toEqual([true]);
    builds[0]!.end();
    await turn();
    expect(builds.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    builds[1]!.end();
    await turn();
    expect(said).toEqual(["begun one", "begun one two", "rebuilt one two"]);
  });

  it("say nothing of the failure of what was broken off, and all of any other", async () => {
    const { builds, said, rebuilds } = watched();
    rebuilds.begin(["one"]);
    await turn();
    rebuilds.begin(["two"]);
    builds[0]!.fail(new Error("stopped in the middle"));
    await turn();
    builds[1]!.fail(new Error("does not compile"));
    await turn();
    rebuilds.begin(["three"]);
    await turn();
    expect(said).toEqual(["begun one", "begun one two", "failed: does not compile", "begun three"]);
  });

  it("are begun once for all the saves that come while one lets go", async () => {
    const { builds, said, rebuilds } = watched();
    for (const path of ["one", "two", "three"]) {
      rebuilds.begin([path]);
      await turn();
    }
    builds[0]!.end();
    await turn();
    expect(said).toEqual(["begun one", "begun one two three"]);
    const closed = rebuilds.close();
    expect(builds[1]!.signal.aborted).toBe(true);
    builds[1]!.end();
    await closed;
    expect(said.length).toBe(2);
  });
});

type Build = {
  readonly signal: AbortSignal;
  readonly end: () => void;
  readonly fail: (error: Error) => void;
};

/** Rebuilds by a door whose builds end when the test says so. */
function watched() {
  const builds: Build[] = [];
  const said: string[] = [];
  const door = {
    isRehearsal: false,
    containers: () => [],
    restart: async () => undefined,
    exec: async () => undefined,
    imageTime: () => undefined,
    manifestPath: () => "",
    rebuild: (_service: string, signal: AbortSignal) =>
      new Promise<void>((end, fail) => builds.push({ signal, end, fail })),
  };
  const rebuilds = new Rebuilds(door, "web", [], {
    begun: (paths) => said.push(`begun ${paths.join(" ")}`),
    rebuilt: (paths) => said.push(`rebuilt ${paths.join(" ")}`),
    failed: ({ message }) => said.push(`failed: ${message}`),
  });
  return { builds, said, rebuilds };
}
