/** A value of the language: what rows have as fields, and what functions make of them. */
export type Value =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Value[]
  | { readonly [field: string]: Value | Method };

/** A field that takes arguments: `{{.Label "key"}}`. */
export type Method = (...args: Value[]) => Value;

export type Operand =
  | { readonly type: "value"; readonly value: Value }
  /** `.A.B` of the current value, of the row ("$"), or of a variable. */
  | { readonly type: "field"; readonly of: string; readonly path: readonly string[] }
  | { readonly type: "function"; readonly name: string }
  /** `(…).A.B` */
  | { readonly type: "group"; readonly pipeline: Pipeline; readonly path: readonly string[] };

/** Commands in order: each gets the result of the one before as its last argument. */
export type Pipeline = {
  readonly variable?: string;
  readonly commands: readonly (readonly [Operand, ...Operand[]])[];
};

export type Block = readonly TemplateNode[];

export type TemplateNode =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "action"; readonly pipeline: Pipeline }
  | {
      readonly type: "if" | "with" | "range";
      readonly pipeline: Pipeline;
      readonly body: Block;
      readonly otherwise: Block;
    };
