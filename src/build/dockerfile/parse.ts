import { type Diagnostic, GantryError } from "../../lib/diagnostic.ts";
import { type Directives, readDirectives } from "./directives.ts";
import type { ArgInstruction, FromInstruction, Instruction, Stage } from "./instruction.ts";
import { type LogicalLine, logicalLines } from "./logical-lines.ts";
import { parseInstruction } from "./parse-instruction.ts";
import { DockerfileSource, diagnosticAt, SyntaxFault } from "./source.ts";
import { readStatement } from "./statement.ts";

/** A Dockerfile, understood: nothing in it is expanded yet. */
export type Dockerfile = {
  readonly source: DockerfileSource;
  readonly directives: Directives;
  /** ARG instructions before the first FROM. */
  readonly globalArguments: readonly ArgInstruction[];
  readonly stages: readonly Stage[];
  /** Lines that are remarkable rather than wrong, as `--check` shows them. */
  readonly emptyContinuations: readonly LogicalLine[];
};

/** Parses a Dockerfile. All faults come at once, in a GantryError with diagnostics. */
export function parseDockerfile(text: string, file: string): Dockerfile {
  const source = new DockerfileSource(text, file);
  const directives = directivesOf(source);
  const collector = new Collector(source, directives.escapeToken);
  collector.takeAll(directives.lines);
  const { globalArguments, stages, faults, emptyContinuations } = collector;
  if (faults.length > 0) throw invalidDockerfile(faults);
  if (stages.length === 0) throw invalidDockerfile([withoutFrom(source)]);
  return {
    source,
    directives,
    globalArguments,
    stages: stages.map((stage, index) => ({ ...stage, index })),
    emptyContinuations,
  };
}

/** Parses what an ONBUILD of a base image says. */
export function parseTrigger(expression: string, image: string): Instruction {
  const { stages } = parseDockerfile(`FROM scratch\n${expression}`, `ONBUILD of ${image}`);
  return stages[0]!.instructions[0]!;
}

type OpenStage = {
  readonly name?: string;
  readonly from: FromInstruction;
  readonly instructions: Instruction[];
};

/** Sorts instructions into stages and keeps what is wrong. */
class Collector {
  readonly globalArguments: ArgInstruction[] = [];
  readonly stages: OpenStage[] = [];
  readonly faults: Diagnostic[] = [];
  readonly emptyContinuations: LogicalLine[] = [];
  readonly #source: DockerfileSource;
  readonly #escapeToken: string;

  constructor(source: DockerfileSource, escapeToken: string) {
    this.#source = source;
    this.#escapeToken = escapeToken;
  }

  takeAll(fromLine: number): void {
    const lines = logicalLines(this.#source, this.#escapeToken, fromLine);
    try {
      for (const line of lines) this.#take(line);
    } catch (error) {
      // A here-document without an end: nothing after it can be told apart.
      if (!(error instanceof SyntaxFault)) throw error;
      const { code, message, hint } = error;
      const last = this.#source.lines.findLastIndex((one) => one.includes("<<")) + 1;
      const column = this.#source.lines[last - 1]!.indexOf("<<") + 1;
      this.faults.push(diagnosticAt("error", this.#source.place(last, column, 2), code, message, hint));
    }
  }

  #take(line: LogicalLine): void {
    if (line.hasEmptyContinuation) this.emptyContinuations.push(line);
    try {
      this.#sort(parseInstruction(readStatement(line, this.#escapeToken)));
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      const { code, message, hint, offset, length } = error;
      this.faults.push(diagnosticAt("error", line.at(offset, length), code, message, hint));
    }
  }

  #sort(instruction: Instruction | FromInstruction): void {
    const stage = this.stages.at(-1);
    if (instruction.kind === "from") {
      this.stages.push({ name: instruction.name?.toLowerCase(), from: instruction, instructions: [] });
    } else if (stage) stage.instructions.push(instruction);
    else if (instruction.kind === "arg") this.globalArguments.push(instruction);
    // The instruction before it may have been a FROM with a fault, which is told already.
    else if (this.faults.length === 0) {
      throw new SyntaxFault(
        "dockerfile-from",
        `${instruction.kind.toUpperCase()} stands before the first FROM`,
        {
          length: instruction.written.length,
          hint: "Only ARG may come before FROM.",
        },
      );
    }
  }
}

function directivesOf(source: DockerfileSource): Directives {
  try {
    return readDirectives(source);
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    const { offset, code, message, hint } = error;
    const line = source.lines[offset] ?? "";
    throw invalidDockerfile([
      diagnosticAt("error", source.place(offset + 1, 1, line.length), code, message, hint),
    ]);
  }
}

function withoutFrom(source: DockerfileSource): Diagnostic {
  const message = source.lines.some((line) => line.trim() !== "")
    ? "the Dockerfile has no FROM"
    : "the Dockerfile is empty";
  return diagnosticAt(
    "error",
    source.place(1, 1),
    "dockerfile-from",
    message,
    "A build begins with FROM image.",
  );
}

/** The error for a Dockerfile with these faults. */
export function invalidDockerfile(diagnostics: readonly Diagnostic[]): GantryError {
  const number = diagnostics.length;
  const message = number === 1 ? "the Dockerfile has a fault" : `the Dockerfile has ${number} faults`;
  return new GantryError("invalid-dockerfile", message, { diagnostics });
}
