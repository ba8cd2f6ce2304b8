/** One failure as ajv reports it. */
export type SchemaFailure = {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
};

declare const validate: {
  (document: unknown): boolean;
  errors: readonly SchemaFailure[] | null;
};
export default validate;
