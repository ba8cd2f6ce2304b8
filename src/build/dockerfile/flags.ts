import { closest } from "../../lib/closest-word.ts";
import { SyntaxFault } from "./source.ts";
import type { Flag, Statement } from "./statement.ts";

/** What kind of value a flag takes. */
type FlagKind = "text" | "list" | "switch";

/** The flags of one instruction, as they were given. */
export class Flags {
  readonly #statement: Statement;
  readonly #given = new Map<string, Flag[]>();

  /** Checks that each flag is one of `allowed`, and given as often as it may be. */
  constructor(statement: Statement, allowed: Readonly<Record<string, FlagKind>>) {
    this.#statement = statement;
    for (const flag of statement.flags) {
      const kind = allowed[flag.name];
      if (kind === undefined) throw unknownFlag(statement, flag, Object.keys(allowed));
      if (kind !== "list" && this.#given.has(flag.name)) throw fault(flag, "is given twice");
      if (kind !== "switch" && flag.value === undefined) throw fault(flag, "needs a value");
      this.#given.set(flag.name, [...(this.#given.get(flag.name) ?? []), flag]);
    }
  }

  text(name: string): string | undefined {
    return this.#given.get(name)?.[0]?.value;
  }

  list(name: string): string[] {
    return (this.#given.get(name) ?? []).map(({ value }) => value!);
  }

  /** A switch: --name, --name=true, --name=false; undefined when it is not given. */
  boolean(name: string): boolean | undefined {
    const flag = this.#given.get(name)?.[0];
    if (!flag) return undefined;
    const value = (flag.value ?? "true").toLowerCase();
    if (!["true", "1", "t", "false", "0", "f"].includes(value)) throw fault(flag, "is true or false");
    return ["true", "1", "t"].includes(value);
  }

  /** One of several words. */
  choice<Choice extends string>(name: string, choices: readonly Choice[], otherwise: Choice): Choice {
    const flag = this.#given.get(name)?.[0];
    if (!flag) return otherwise;
    const found = choices.find((choice) => choice === flag.value);
    if (found === undefined) throw fault(flag, `is one of ${choices.join(", ")}`);
    return found;
  }

  /** The value made of a flag's text by `parse`; undefined from it is a fault. */
  parsed<Value>(name: string, what: string, parse: (text: string) => Value | undefined): Value | undefined {
    const flag = this.#given.get(name)?.[0];
    if (!flag) return undefined;
    const value = parse(flag.value!);
    if (value === undefined) throw fault(flag, `is ${what}`);
    return value;
  }

  /** Turns a fault found in a flag's value into one that points at the flag. */
  check(name: string, verify: (text: string) => void): void {
    for (const flag of this.#given.get(name) ?? []) {
      try {
        verify(flag.value!);
      } catch (error) {
        if (!(error instanceof SyntaxFault)) throw error;
        const { offset, length } = flag;
        throw new SyntaxFault(error.code, error.message, { offset, length, hint: error.hint });
      }
    }
  }

  get statement(): Statement {
    return this.#statement;
  }
}

function fault({ name, offset, length }: Flag, problem: string): SyntaxFault {
  return new SyntaxFault("dockerfile-flag", `--${name} ${problem}`, { offset, length });
}

function unknownFlag({ name: instruction }: Statement, flag: Flag, allowed: readonly string[]): SyntaxFault {
  const near = closest(flag.name, allowed);
  const known = allowed.length > 0 ? `It knows ${allowed.map((name) => `--${name}`).join(", ")}.` : undefined;
  return new SyntaxFault("dockerfile-flag", `${instruction.toUpperCase()} has no flag --${flag.name}`, {
    offset: flag.offset,
    length: flag.length,
    hint: near === undefined ? known : `did you mean "--${near}"?`,
  });
}
