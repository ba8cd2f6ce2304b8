import type { Block, Operand, Pipeline, TemplateNode } from "./syntax.ts";
import { malformed, type Piece, piecesOf } from "./tokens.ts";

const BLOCKS: ReadonlySet<string> = new Set(["if", "with", "range"]);

/** Reads a template of Go's text/template, the part of it that docs/formats.md names. */
export function parseTemplate(template: string): Block {
  const reader = new Reader(template, piecesOf(template));
  const block = reader.block(true);
  return block;
}

class Reader {
  readonly #template: string;
  readonly #pieces: readonly Piece[];
  #next = 0;
  #words: readonly string[] = [];
  #word = 0;

  constructor(template: string, pieces: readonly Piece[]) {
    this.#template = template;
    this.#pieces = pieces;
  }

  /** Up to the end of the template, or to the `else` or `end` that ends the block. */
  block(isWhole: boolean): Block {
    const nodes: TemplateNode[] = [];
    for (;;) {
      const piece = this.#pieces[this.#next];
      if (!piece) {
        if (isWhole) return nodes;
        throw malformed(this.#template, "an {{end}} is missing");
      }
      if ("words" in piece && (piece.words[0] === "end" || piece.words[0] === "else")) {
        if (isWhole) throw malformed(this.#template, `{{${piece.words[0]}}} ends nothing`);
        return nodes;
      }
      this.#next++;
      nodes.push("text" in piece ? { type: "text", text: piece.text } : this.#action(piece.words));
    }
  }

  #action(words: readonly string[]): TemplateNode {
    const [first = ""] = words;
    if (!BLOCKS.has(first)) return { type: "action", pipeline: this.#wholePipeline(words) };
    return this.#conditional(first as "if" | "with" | "range", words.slice(1));
  }

  #conditional(type: "if" | "with" | "range", words: readonly string[]): TemplateNode {
    const pipeline = this.#wholePipeline(words);
    const body = this.block(false);
    const ending = this.#endOfBlock();
    if (ending[0] === "end") return { type, pipeline, body, otherwise: [] };
    if (ending[1] === "if")
      return { type, pipeline, body, otherwise: [this.#conditional("if", ending.slice(2))] };
    const otherwise = this.block(false);
    this.#endOfBlock();
    return { type, pipeline, body, otherwise };
  }

  #endOfBlock(): readonly string[] {
    const piece = this.#pieces[this.#next++];
    return piece && "words" in piece ? piece.words : [];
  }

  #wholePipeline(words: readonly string[]): Pipeline {
    this.#words = words;
    this.#word = 0;
    const pipeline = this.#pipeline();
    if (this.#word < words.length) throw malformed(this.#template, `${words[this.#word]} does not fit there`);
    return pipeline;
  }

  #pipeline(): Pipeline {
    const isAssigned = this.#words[this.#word + 1] === ":=";
    const variable = isAssigned ? this.#words[this.#word] : undefined;
    if (isAssigned) this.#word += 2;
    const commands = [this.#command()];
    while (this.#words[this.#word] === "|") {
      this.#word++;
      commands.push(this.#command());
    }
    return { commands, ...(variable && { variable }) };
  }

  #command(): [Operand, ...Operand[]] {
    const operands: Operand[] = [];
    for (let word = this.#words[this.#word]; word !== undefined && word !== "|" && word !== ")"; ) {
      operands.push(this.#operand(word));
      word = this.#words[this.#word];
    }
    const [first, ...rest] = operands;
    if (!first) throw malformed(this.#template, "there is nothing where a value should be");
    return [first, ...rest];
  }

  #operand(word: string): Operand {
    this.#word++;
    if (word === "(") {
      const pipeline = this.#pipeline();
      if (this.#words[this.#word++] !== ")") throw malformed(this.#template, "( is not closed by )");
      return { type: "group", pipeline, path: this.#pathAfterGroup() };
    }
    return literal(word) ?? reference(word);
  }

  #pathAfterGroup(): string[] {
    const word = this.#words[this.#word] ?? "";
    if (!/^\.\w/.test(word)) return [];
    this.#word++;
    return word.split(".").slice(1);
  }
}

function literal(word: string): Operand | undefined {
  if (word.startsWith('"')) return { type: "value", value: JSON.parse(word) as string };
  if (word.startsWith("`")) return { type: "value", value: word.slice(1, -1) };
  if (/^-?\d/.test(word)) return { type: "value", value: Number(word) };
  const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, nil: null };
  return Object.hasOwn(constants, word) ? { type: "value", value: constants[word]! } : undefined;
}

function reference(word: string): Operand {
  const [of = "", ...path] = word.split(".");
  if (word.startsWith(".") || word.startsWith("$")) {
    return { type: "field", of, path: path.filter((name) => name !== "") };
  }
  return { type: "function", name: word };
}
