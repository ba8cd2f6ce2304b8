import { parseDuration } from "../../lib/duration.ts";
import { Flags } from "./flags.ts";
import type { HealthcheckInstruction } from "./instruction.ts";
import type { Parsed } from "./parse-transfer.ts";
import { SyntaxFault } from "./source.ts";
import { jsonStrings, missing, type Statement } from "./statement.ts";

const DURATIONS = ["interval", "timeout", "start-period", "start-interval"] as const;
const SHORTEST_MS = 1;

/** HEALTHCHECK [flags] CMD command, or HEALTHCHECK NONE */
export function parseHealthcheck(statement: Statement): Parsed<HealthcheckInstruction> {
  const flags = new Flags(statement, {
    ...Object.fromEntries(DURATIONS.map((name) => [name, "text" as const])),
    retries: "text",
  });
  const [, word = "", command = ""] = /^(\S+)\s*(.*)$/s.exec(statement.rest) ?? [];
  const kind = word.toUpperCase();
  if (kind === "NONE") {
    if (command !== "") throw missing(statement, "NONE takes no command");
    return { kind: "healthcheck", test: ["NONE"] };
  }
  if (kind !== "CMD") throw missing(statement, "is followed by CMD and a command, or by NONE");
  if (command === "") throw missing(statement, "CMD needs a command");
  const commandOffset = statement.restOffset + statement.rest.length - command.length;
  const argv = jsonStrings({ ...statement, rest: command, restOffset: commandOffset });
  const duration = (name: (typeof DURATIONS)[number]) =>
    flags.parsed(name, "a duration like 30s, of 1ms or more", durationOf);
  return {
    kind: "healthcheck",
    test: argv ? ["CMD", ...argv] : ["CMD-SHELL", command],
    interval: duration("interval"),
    timeout: duration("timeout"),
    startPeriod: duration("start-period"),
    startInterval: duration("start-interval"),
    retries: flags.parsed("retries", "a number", (text) => (/^\d+$/.test(text) ? Number(text) : undefined)),
  };
}

/** 0 means the default, as in an image. */
function durationOf(text: string): number | undefined {
  const duration = parseDuration(text);
  return duration !== undefined && duration !== 0 && duration < SHORTEST_MS ? undefined : duration;
}

/** ONBUILD instruction: what may stand there; the instruction itself is parsed when it is triggered. */
export function parseOnbuild(statement: Statement): { kind: "onbuild"; expression: string } {
  new Flags(statement, {});
  const name = /^\S*/.exec(statement.rest)![0].toUpperCase();
  if (name === "") throw missing(statement, "needs an instruction");
  if (["ONBUILD", "FROM", "MAINTAINER"].includes(name)) {
    throw new SyntaxFault("dockerfile-argument", `${name} cannot be triggered by ONBUILD`, {
      offset: statement.restOffset,
      length: name.length,
    });
  }
  const documents = statement.line.heredocs.map(({ name: end, content }) => `\n${content}${end}`);
  return { kind: "onbuild", expression: statement.rest + documents.join("") };
}
