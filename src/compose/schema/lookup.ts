import schema from "../../../schemas/compose.schema.json" with { type: "json" };
import type { KeyPath } from "../document/key-path.ts";

/** The part of JSON Schema that the Compose schema uses. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly enum?: readonly string[];
};

const definitions = schema.$defs as Readonly<Record<string, Schema>>;

/** The schema of the value at a path of the document, when the path exists in the language. */
export function schemaAt(path: KeyPath): Schema | undefined {
  return path.reduce<Schema | undefined>(
    (at, segment) => at && child(at, segment),
    resolve(schema as Schema),
  );
}

/** The types a value may have, as a list. */
export function typesOf(at: Schema | undefined): readonly string[] {
  if (!at?.type) return [];
  return typeof at.type === "string" ? [at.type] : at.type;
}

function child(at: Schema, segment: string | number): Schema | undefined {
  if (typeof segment === "number") return resolve(at.items);
  const own = Object.hasOwn(at.properties ?? {}, segment) ? at.properties?.[segment] : undefined;
  if (own) return resolve(own);
  for (const [pattern, inner] of Object.entries(at.patternProperties ?? {})) {
    if (new RegExp(pattern).test(segment)) return resolve(inner);
  }
  return typeof at.additionalProperties === "object" ? resolve(at.additionalProperties) : undefined;
}

function resolve(at: Schema | undefined): Schema | undefined {
  return at?.$ref ? definitions[at.$ref.replace("#/$defs/", "")] : at;
}
