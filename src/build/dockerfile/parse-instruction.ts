import { closest } from "../../lib/closest-word.ts";
import { signalNumber } from "../../lib/signal.ts";
import { Flags } from "./flags.ts";
import type { CommandForm, FromInstruction, Instruction, RunInstruction } from "./instruction.ts";
import { parseMount } from "./mount.ts";
import { parseHealthcheck, parseOnbuild } from "./parse-healthcheck.ts";
import { parseArguments, parsePairs } from "./parse-pairs.ts";
import { type Parsed, parseAdd, parseCopy } from "./parse-transfer.ts";
import { SyntaxFault } from "./source.ts";
import { jsonStrings, listOf, missing, type Statement } from "./statement.ts";

/** One instruction, understood. Throws a SyntaxFault. */
export function parseInstruction(statement: Statement): Instruction | FromInstruction {
  const parser = PARSERS[statement.name];
  if (!parser) throw unknownInstruction(statement);
  const { line, written } = statement;
  return {
    ...parser(statement),
    place: line.at(0, line.text.trimEnd().length),
    text: line.text.trimEnd(),
    written,
    firstLine: line.firstLine,
    lastLine: line.lastLine,
  } as Instruction | FromInstruction;
}

type Parser = (statement: Statement) => Parsed<Instruction> | Parsed<FromInstruction>;

const PARSERS: Readonly<Record<string, Parser>> = {
  add: parseAdd,
  arg: withoutFlags((statement) => ({ kind: "arg", pairs: parseArguments(statement) })),
  cmd: withoutFlags((statement) => ({ kind: "cmd", command: commandForm(statement) })),
  copy: parseCopy,
  entrypoint: withoutFlags((statement) => ({ kind: "entrypoint", command: commandForm(statement) })),
  env: withoutFlags((statement) => ({ kind: "env", pairs: parsePairs(statement) })),
  expose: withoutFlags((statement) => ({ kind: "expose", values: values(statement, "a port") })),
  from: parseFrom,
  healthcheck: parseHealthcheck,
  label: withoutFlags((statement) => ({ kind: "label", pairs: parsePairs(statement) })),
  maintainer: withoutFlags((statement) => ({ kind: "maintainer", value: single(statement, "a name") })),
  onbuild: parseOnbuild,
  run: parseRun,
  shell: withoutFlags(parseShell),
  stopsignal: withoutFlags(parseStopSignal),
  user: withoutFlags((statement) => ({ kind: "user", value: single(statement, "a user") })),
  volume: withoutFlags((statement) => ({ kind: "volume", values: values(statement, "a path") })),
  workdir: withoutFlags((statement) => ({ kind: "workdir", value: single(statement, "a directory") })),
};

function withoutFlags(parser: Parser): Parser {
  return (statement) => {
    new Flags(statement, {});
    return parser(statement);
  };
}

function commandForm(statement: Statement): CommandForm {
  const argv = statement.line.heredocs.length > 0 ? undefined : jsonStrings(statement);
  if (argv) return { form: "exec", argv };
  return { form: "shell", text: statement.rest, heredocs: statement.line.heredocs };
}

function parseRun(statement: Statement): Parsed<RunInstruction> {
  const flags = new Flags(statement, { mount: "list", network: "text", security: "text" });
  if (statement.rest === "") throw missing(statement, "needs a command");
  // What holds variables can only be checked once they are known.
  flags.check("mount", (text) => void (text.includes("$") || parseMount(text)));
  return {
    kind: "run",
    command: commandForm(statement),
    mounts: flags.list("mount"),
    network: flags.choice("network", ["default", "none", "host"], "default"),
    security: flags.choice("security", ["sandbox", "insecure"], "sandbox"),
  };
}

const STAGE_NAME = /^[a-z][a-z0-9._-]*$/;

function parseFrom(statement: Statement): Parsed<FromInstruction> {
  const flags = new Flags(statement, { platform: "text" });
  const words = statement.rest.split(/\s+/).filter((word) => word !== "");
  const [image, as, name] = words;
  const complete = words.length === 1 || (words.length === 3 && as!.toLowerCase() === "as");
  if (image === undefined || !complete)
    throw missing(statement, "is written as FROM image, or FROM image AS name");
  if (name !== undefined && !STAGE_NAME.test(name.toLowerCase())) {
    throw new SyntaxFault("dockerfile-stage-name", `"${name}" cannot be the name of a stage`, {
      offset: statement.restOffset + statement.rest.lastIndexOf(name),
      length: name.length,
      hint: "It begins with a letter; letters, digits, . _ - may follow.",
    });
  }
  return { kind: "from", image, platform: flags.text("platform"), name, as };
}

function parseShell(statement: Statement): Parsed<Instruction> {
  const argv = jsonStrings(statement);
  if (argv && argv.length > 0) return { kind: "shell", argv };
  throw missing(statement, 'is a JSON array: SHELL ["/bin/sh", "-c"]');
}

function parseStopSignal(statement: Statement): Parsed<Instruction> {
  const value = single(statement, "a signal");
  if (!value.includes("$") && signalNumber(value) === undefined) {
    throw missing(statement, `${value} is no signal`);
  }
  return { kind: "stopsignal", value };
}

function single(statement: Statement, what: string): string {
  if (statement.rest === "") throw missing(statement, `needs ${what}`);
  return statement.rest;
}

function values(statement: Statement, what: string): string[] {
  const list = listOf(statement);
  if (list.length === 0) throw missing(statement, `needs ${what}`);
  return list;
}

function unknownInstruction({ name, written }: Statement): SyntaxFault {
  const near = closest(name, Object.keys(PARSERS));
  return new SyntaxFault("dockerfile-instruction", `there is no instruction ${written.toUpperCase()}`, {
    length: written.length,
    hint:
      near === undefined
        ? "A line that goes on ends with the escape character (\\)."
        : `did you mean "${near.toUpperCase()}"?`,
  });
}
