import { closest } from "../../lib/closest-word.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { USAGE_EXIT_CODE } from "../exit-codes.ts";
import { functionNamed, isTrue, textOf } from "./functions.ts";
import type { Block, Method, Operand, Pipeline, TemplateNode, Value } from "./syntax.ts";

type Scope = { readonly current: Value; readonly variables: Map<string, Value> };

/** The text a template makes of a row. */
export function evaluate(block: Block, row: Value): string {
  return blockText(block, { current: row, variables: new Map([["$", row]]) });
}

const blockText = (block: Block, scope: Scope): string => block.map((node) => nodeText(node, scope)).join("");

function nodeText(node: TemplateNode, scope: Scope): string {
  if (node.type === "text") return node.text;
  const value = pipelineValue(node.pipeline, scope);
  if (node.type === "action") return node.pipeline.variable === undefined ? textOf(value) : "";
  if (!isTrue(value)) return blockText(node.otherwise, scope);
  if (node.type === "if") return blockText(node.body, scope);
  if (node.type === "with") return blockText(node.body, { ...scope, current: value });
  const items = Array.isArray(value) ? (value as Value[]) : (Object.values(value as object) as Value[]);
  return items.map((current) => blockText(node.body, { ...scope, current })).join("");
}

function pipelineValue({ commands, variable }: Pipeline, scope: Scope): Value {
  let value: Value;
  commands.forEach(([head, ...operands], index) => {
    const args = operands.map((operand) => operandValue(operand, scope));
    value = called(head, index === 0 ? args : [...args, value], scope);
  });
  if (variable !== undefined) scope.variables.set(variable, value);
  return value;
}

function called(head: Operand, args: readonly Value[], scope: Scope): Value {
  if (head.type === "function") return functionNamed(head.name)(...args);
  const value = head.type === "field" ? fieldOf(head, scope) : operandValue(head, scope);
  if (typeof value === "function") return value(...args);
  if (args.length > 0) throw notAFunction();
  return value;
}

function operandValue(operand: Operand, scope: Scope): Value {
  if (operand.type === "value") return operand.value;
  if (operand.type === "group") {
    return below(pipelineValue(operand.pipeline, scope), operand.path) as Value;
  }
  return called(operand, [], scope);
}

function fieldOf(
  { of, path }: Extract<Operand, { type: "field" }>,
  { current, variables }: Scope,
): Value | Method {
  return below(of === "" ? current : variables.get(of), path);
}

function below(from: Value, path: readonly string[]): Value | Method {
  let value: Value | Method = from;
  for (const name of path) {
    if (typeof value !== "object" || value === null) throw noSuchField(name, []);
    const fields: Readonly<Record<string, Value | Method>> = value as { [field: string]: Value | Method };
    if (!Object.hasOwn(fields, name)) throw noSuchField(name, Object.keys(fields));
    value = fields[name];
  }
  return value;
}

const notAFunction = () =>
  new GantryError("usage", "--format: something is given an argument that takes none", {
    hint: "Only functions come before arguments: '{{upper .Name}}'.",
    exitCode: USAGE_EXIT_CODE,
  });

function noSuchField(name: string, known: readonly string[]): GantryError {
  const meant = closest(name, known);
  const hint = meant ? `did you mean .${meant}?` : `fields: ${known.map((field) => `.${field}`).join(" ")}`;
  return new GantryError("usage", `--format: there is no field .${name}`, {
    ...(known.length > 0 && { hint }),
    exitCode: USAGE_EXIT_CODE,
  });
}
