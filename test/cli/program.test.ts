import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { withEnvironmentDefaults } from "../../src/cli/global-options.ts";
import { isAnswered, usageError } from "../../src/cli/program.ts";
import { VERBS } from "../../src/cli/verbs.ts";
import { parse, printed } from "./command-line.ts";

async function complaint(...argv: string[]) {
  const error = await parse(...argv).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof CommanderError)) throw new Error(`${argv.join(" ")} was accepted`);
  return usageError(error);
}

describe("the command line", () => {
  it("reads global options before the command", async () => {
    const { verb, globals } = await parse(
      ...["-f", "a.yaml", "-f", "b.yaml", "-p", "shop", "--profile", "x", "--env-file", "e"],
      ...["--progress", "json", "--ansi", "never", "--root", "/r", "--dry-run", "ps"],
    );
    expect(verb.name).toBe("ps");
    expect(globals).toMatchObject({
      file: ["a.yaml", "b.yaml"],
      projectName: "shop",
      profile: ["x"],
      envFile: ["e"],
      progress: "json",
      ansi: "never",
      root: "/r",
      dryRun: true,
    });
  });

  it("leaves the options after a command to the command", async () => {
    const { globals, options } = await parse("kill", "-s", "HUP", "web");
    expect(globals.file).toEqual([]);
    expect(options["signal"]).toBe("HUP");
  });

  it("suggests what was meant", async () => {
    expect(await complaint("pss")).toMatchObject({
      message: "unknown command 'pss'",
      hint: expect.stringContaining("Did you mean"),
      exitCode: 16,
    });
    expect(await complaint("down", "--volume")).toMatchObject({
      message: "unknown option '--volume'",
      hint: "Did you mean --volumes?",
    });
    expect(await complaint("--porject-name", "x", "ps")).toMatchObject({
      hint: "Did you mean --project-name?",
    });
  });

  it("refuses values that cannot be, and arguments that are too few or too many", async () => {
    expect((await complaint("stop", "-t", "soon")).message).toContain("whole number");
    expect((await complaint("--progress", "loud", "ps")).message).toContain("tty");
    expect((await complaint("port", "web")).message).toContain("private-port");
    expect((await complaint("ls", "shop")).message).toContain("too many arguments");
  });

  it("shows help with examples for gantry alone, and the help of every command", async () => {
    expect(await printed()).toContain("gantry up -d --wait");
    for (const verb of VERBS) {
      if ("verbs" in verb) continue;
      expect(await printed(verb.name, "--help")).toContain(verb.summary);
    }
  });

  it("counts help and version as answers, not failures", async () => {
    for (const argv of [["--help"], ["--version"], [], ["image"]]) {
      const error = await parse(...argv).catch((caught: unknown) => caught);
      expect(isAnswered(error as CommanderError), argv.join(" ")).toBe(true);
    }
  });
});

describe("withEnvironmentDefaults", () => {
  const defaults = { file: [], profile: [], ansi: "auto", progress: "auto", diagnostics: "text" } as never;

  it("takes Docker Compose's variables for options that were not given", () => {
    const environment = { COMPOSE_ANSI: "never", COMPOSE_PROGRESS: "plain", COMPOSE_PROFILES: "a, b" };
    expect(withEnvironmentDefaults(defaults, environment, () => false)).toMatchObject({
      ansi: "never",
      progress: "plain",
      profile: ["a", "b"],
    });
    expect(withEnvironmentDefaults(defaults, environment, () => true)).toEqual(defaults);
  });

  it("ignores values they cannot have", () => {
    const environment = { COMPOSE_ANSI: "maybe", COMPOSE_PROGRESS: "loud" };
    expect(withEnvironmentDefaults(defaults, environment, () => false)).toEqual(defaults);
  });
});
