import { replacePattern, trimPrefix, trimSuffix } from "./shell-pattern.ts";

/** Value of a variable, undefined when it is not set. */
export type Lookup = (name: string) => string | undefined;

export type ExpandOptions = {
  /** \ or `, as the Dockerfile's directive says. */
  readonly escapeToken: string;
  /** Quotes stay in the result. */
  readonly rawQuotes?: boolean;
  /** Escape characters stay in the result. */
  readonly rawEscapes?: boolean;
  /** A variable that is not set stays as it is written, instead of becoming nothing. */
  readonly keepUnset?: boolean;
};

/** A fault in the expansion of a word ("${x" without end, "${x:?message}"); the caller knows the place. */
export class ExpansionFault extends Error {}

/** Expands variables in a text, removes quotes and escapes: one word, whatever spaces it holds. */
export function expandWord(text: string, lookup: Lookup, options: ExpandOptions): string {
  return new Expansion(text, lookup, options).read("").text;
}

/** As expandWord, and splits at spaces that are not quoted, also those that come out of variables. */
export function expandWords(text: string, lookup: Lookup, options: ExpandOptions): string[] {
  return new Expansion(text, lookup, options).read("").words.list;
}

/** Collects words: unquoted white space ends one, anything quoted begins one, even when it is empty. */
class Words {
  readonly list: string[] = [];
  #open = false;

  add(text: string): void {
    for (const character of text) {
      if (/\s/.test(character)) this.#open = false;
      else this.addRaw(character);
    }
  }

  addRaw(text: string): void {
    if (!this.#open) this.list.push("");
    this.#open = true;
    this.list.push((this.list.pop() ?? "") + text);
  }
}

/** A reader over one text, after the shell's rules as BuildKit has them. */
class Expansion {
  readonly #text: string;
  readonly #lookup: Lookup;
  readonly #options: ExpandOptions;
  #position = 0;

  constructor(text: string, lookup: Lookup, options: ExpandOptions) {
    this.#text = text;
    this.#lookup = lookup;
    this.#options = options;
  }

  /** Reads up to the character `stop` ("": to the end), which is taken as well. */
  read(stop: string, rawEscapes = this.#options.rawEscapes ?? false): { text: string; words: Words } {
    const words = new Words();
    let text = "";
    for (let next = this.#peek(); next !== ""; next = this.#peek()) {
      if (next === stop) {
        this.#position++;
        return { text, words };
      }
      const quoted = next === "'" || next === '"';
      const part = quoted ? this.#quote(next) : next === "$" ? this.#dollar() : this.#plain(rawEscapes);
      text += part.text;
      if (part.raw) words.addRaw(part.text);
      else words.add(part.text);
    }
    if (stop !== "") throw new ExpansionFault(`"${stop}" is missing`);
    return { text, words };
  }

  #peek(): string {
    return this.#text.charAt(this.#position);
  }

  #take(): string {
    return this.#text.charAt(this.#position++);
  }

  /** A character, or an escape and what it escapes. An escape at the very end is dropped. */
  #plain(rawEscapes: boolean): { text: string; raw: boolean } {
    const character = this.#take();
    if (character !== this.#options.escapeToken) return { text: character, raw: false };
    return { text: (rawEscapes ? character : "") + this.#take(), raw: true };
  }

  #quote(quote: string): { text: string; raw: boolean } {
    const start = this.#position;
    this.#take();
    let text = "";
    while (this.#peek() !== quote) {
      if (this.#peek() === "") throw new ExpansionFault(`the quote ${quote} at ${start + 1} has no end`);
      text += quote === '"' ? this.#insideDoubleQuotes() : this.#take();
    }
    this.#take();
    return { text: this.#options.rawQuotes ? quote + text + quote : text, raw: true };
  }

  #insideDoubleQuotes(): string {
    if (this.#peek() === "$") return this.#dollar().text;
    const character = this.#take();
    if (character !== this.#options.escapeToken) return character;
    const next = this.#peek();
    if (next === "") return "";
    const escapes = next === '"' || next === "$" || next === this.#options.escapeToken;
    if (!escapes) return character;
    return (this.#options.rawEscapes ? character : "") + this.#take();
  }

  #dollar(): { text: string; raw: boolean } {
    this.#take();
    if (this.#peek() === "{") return { text: this.#braces(), raw: false };
    const name = this.#name();
    if (name === "") return { text: "$", raw: false };
    const value = this.#lookup(name);
    if (value === undefined && this.#options.keepUnset) return { text: `$${name}`, raw: false };
    return { text: value ?? "", raw: false };
  }

  #braces(): string {
    const start = this.#position - 1;
    this.#take();
    const name = this.#name();
    if (name === "") throw new ExpansionFault('"${" is not followed by a variable\'s name');
    const value = this.#lookup(name);
    const result = this.#substitute(name, value);
    if (value === undefined && this.#options.keepUnset) return this.#text.slice(start, this.#position);
    return result;
  }

  /** What follows the name in ${…}, up to and with the brace. */
  #substitute(name: string, value: string | undefined): string {
    const first = this.#take();
    if (first === "}") return value ?? "";
    if (first === "/") return this.#replace(value ?? "");
    const operator = first === ":" ? first + this.#take() : first;
    if (operator === "" || operator === ":") throw new ExpansionFault(`"}" is missing after \${${name}`);
    if (operator === "#" || operator === "%")
      return trim(operator, this.#until("}", true, name), value ?? "");
    if (!/^:?[-+?]$/.test(operator)) {
      throw new ExpansionFault(`\${${name}${operator}…} is not a form of substitution`);
    }
    return this.#choose(operator, this.#until("}", false, name), name, value);
  }

  /** - and + choose between the value and the word, ? demands a value; with the colon an empty one does not count. */
  #choose(operator: string, word: string, name: string, value: string | undefined): string {
    const present = value !== undefined && !(operator.startsWith(":") && value === "");
    if (operator.endsWith("+")) return present ? word : "";
    if (present) return value;
    if (operator.endsWith("-") || this.#options.keepUnset) return word;
    const why = value === undefined ? "is not allowed to be unset" : "is not allowed to be empty";
    throw new ExpansionFault(`${name}: ${word || why}`);
  }

  #replace(value: string): string {
    const all = this.#peek() === "/";
    if (all) this.#take();
    const pattern = this.#until("/", true, "…");
    return replacePattern(value, pattern, this.#until("}", true, "…"), all);
  }

  #until(stop: string, rawEscapes: boolean, name: string): string {
    try {
      return this.read(stop, rawEscapes).text;
    } catch (error) {
      if (this.#peek() !== "" || !(error instanceof ExpansionFault)) throw error;
      throw new ExpansionFault(`"${stop}" is missing after \${${name}`);
    }
  }

  /** A name, all digits of a positional parameter, or one special parameter. */
  #name(): string {
    const rest = this.#text.slice(this.#position);
    const name = /^(?:[@*#?$!-]|\d+|[\p{L}_][\p{L}\d_]*)/u.exec(rest)?.[0] ?? "";
    this.#position += name.length;
    return name;
  }
}

/** The shortest or, with the operator twice, the longest match goes from the front (#) or the end (%). */
function trim(operator: string, word: string, value: string): string {
  const longest = word.startsWith(operator);
  const pattern = longest ? word.slice(1) : word;
  return operator === "#" ? trimPrefix(value, pattern, longest) : trimSuffix(value, pattern, longest);
}
