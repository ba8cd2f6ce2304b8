/** A place in a file. Line and column count from 1; the column counts UTF-16 code units as editors do. */
export type Position = { readonly file: string; readonly line: number; readonly column: number };

/** A further place that helps to understand a diagnostic: the other definition, the including file, the variable. */
export type RelatedPlace = { readonly message: string; readonly position?: Position };

/**
 * Something wrong with, or remarkable about, what the user gave us.
 * `code` is closed and stable (kebab-case, documented); `message` says what is wrong; `hint` says what to do.
 */
export type Diagnostic = {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
  /** Key path in the document, e.g. services.web.ports[0]. */
  readonly path?: string;
  readonly position?: Position;
  /** Text of the source line at `position`, for the caret drawing. */
  readonly sourceLine?: string;
  /** How many columns the caret underlines; 1 when absent. */
  readonly length?: number;
  readonly hint?: string;
  readonly related?: readonly RelatedPlace[];
};

/** One of the things that failed, of one service: for reports that list them singly. Plain data. */
export type ServiceFailure = {
  readonly code: string;
  readonly message: string;
  readonly service: string;
  /** Names of containers; none when it was not made. */
  readonly containers: readonly string[];
  readonly details: readonly string[];
  /** The key that it is about, and where the files have it: known to whoever has loaded the model. */
  readonly path?: string;
  readonly position?: Position;
};

/**
 * An operation that failed for a reason the user can understand. The command line prints it without a stack.
 * `code` is closed and stable; `attempted` is what was being done on what, innermost last.
 */
export class GantryError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number;
  readonly diagnostics: readonly Diagnostic[];
  /** More lines that belong to the report (last log lines, probe output), already free of secrets. */
  readonly details: readonly string[];
  /** What failed, service by service, where that is known. */
  readonly failures: readonly ServiceFailure[];

  constructor(
    code: string,
    message: string,
    options: {
      hint?: string | undefined;
      exitCode?: number;
      diagnostics?: readonly Diagnostic[];
      details?: readonly string[];
      failures?: readonly ServiceFailure[];
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "GantryError";
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 1;
    this.diagnostics = options.diagnostics ?? [];
    this.details = options.details ?? [];
    this.failures = options.failures ?? [];
  }
}

/** The same error with its failures told in another way. */
export function withFailures(error: GantryError, failures: readonly ServiceFailure[]): GantryError {
  const { code, message, hint, exitCode, diagnostics, details } = error;
  const { cause } = error;
  return new GantryError(code, message, { hint, exitCode, diagnostics, details, failures, cause });
}
