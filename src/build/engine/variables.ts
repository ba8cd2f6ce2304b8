import { ExpansionFault, expandWord, expandWords } from "../dockerfile/expand.ts";
import type { Instruction, Pair } from "../dockerfile/instruction.ts";
import { invalidDockerfile } from "../dockerfile/parse.ts";
import { diagnosticAt, type Place } from "../dockerfile/source.ts";

/** Arguments that need no ARG, and that are neither in the history nor in any key. */
const PROXY_ARGUMENTS = ["http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"];
export const isProxyArgument = (name: string) => PROXY_ARGUMENTS.includes(name.toLowerCase());

/** The variables of a stage at one point: ENV of the image, ARG and ENV so far. */
export class Variables {
  readonly #values: Map<string, string>;
  /** Arguments declared in the stage, in order, with their values; those without one are not set. */
  readonly #declared = new Map<string, string | undefined>();
  readonly #escapeToken: string;

  constructor(escapeToken: string, environment: readonly string[] = []) {
    this.#escapeToken = escapeToken;
    this.#values = new Map(
      environment.map((item) => [item.split("=", 1)[0]!, item.slice(item.indexOf("=") + 1)]),
    );
  }

  /** The same variables, to go on with in a stage that begins with this one. */
  copy(): Variables {
    const copy = new Variables(this.#escapeToken, this.environment);
    for (const [name, value] of this.#declared) copy.#declared.set(name, value);
    return copy;
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  set(name: string, value: string): void {
    this.#values.set(name, value);
  }

  declare(name: string, value: string | undefined): void {
    this.#declared.set(name, value);
    if (value !== undefined) this.#values.set(name, value);
  }

  /** Declared arguments as history shows them ("|2 A=1 B=2"), with the values they have now. */
  get argumentList(): string[] {
    return [...this.#declared.keys()].map(
      (name) => `${name}=${this.#values.get(name) ?? this.#declared.get(name) ?? ""}`,
    );
  }

  /** "KEY=value" of everything a program of the stage sees. */
  get environment(): string[] {
    return [...this.#values].map(([key, value]) => `${key}=${value}`);
  }

  /** Expands a word of an instruction; a fault points at the instruction. */
  expand(text: string, at: Pick<Instruction, "place">): string {
    return explained(at.place, () =>
      expandWord(text, (name) => this.#values.get(name), { escapeToken: this.#escapeToken }),
    );
  }

  expandWords(text: string, at: Pick<Instruction, "place">): string[] {
    return explained(at.place, () =>
      expandWords(text, (name) => this.#values.get(name), { escapeToken: this.#escapeToken }),
    );
  }

  /** Keys and values of ENV and LABEL: all see the variables as they were before the instruction. */
  expandPairs(pairs: readonly Pair[], at: Pick<Instruction, "place">): { key: string; value: string }[] {
    return pairs.map(({ key, value = "" }) => ({ key: this.expand(key, at), value: this.expand(value, at) }));
  }
}

function explained<Result>(place: Place, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ExpansionFault)) throw error;
    throw invalidDockerfile([diagnosticAt("error", place, "dockerfile-expansion", error.message)]);
  }
}
