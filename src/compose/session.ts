import type { Budget } from "./budget.ts";
import type { Node } from "./document/node.ts";
import { readDocuments } from "./document/read.ts";
import type { Problem, Report } from "./report.ts";

/** What one load shares between its files. */
export type Session = {
  readonly report: Report;
  readonly readFile: (path: string) => string;
  readonly exists: (path: string) => boolean;
  readonly interpolated: boolean;
  /** Whether paths are made absolute in the model; those of files to read are in any case. */
  readonly resolvesPaths: boolean;
  /** The project's directory, absolute. */
  readonly directory: string;
  /** What ~ stands for. */
  readonly home: string | undefined;
  /** Unset variables already warned about. */
  readonly warned: Set<string>;
  /** Parsed files: a file that several services extend is read once. */
  readonly documents: Map<string, readonly Node[]>;
  readonly budget: Budget;
};

/** The value that names a file, for diagnostics about the file. */
export type NamedAt = Pick<Problem, "origin" | "path">;

/** The documents of a file, in order; undefined when it cannot be read, which is reported. */
export function documentsOf(path: string, session: Session, from?: NamedAt): readonly Node[] | undefined {
  const known = session.documents.get(path);
  if (known) return known;
  const text = readText(path, session, from);
  if (text === undefined) return undefined;
  const documents = readDocuments(path === "-" ? "(standard input)" : path, text, session.report);
  session.documents.set(path, documents);
  return documents;
}

/** The text of a file; undefined when it cannot be read, which is reported at the value that names it. */
export function readText(path: string, session: Session, from?: NamedAt): string | undefined {
  try {
    return session.readFile(path);
  } catch (error) {
    const reason = reasonOf(error);
    session.report.error({
      code: "file-unreadable",
      message: `${path} cannot be read: ${reason}`,
      ...from,
      hint:
        reason === "there is no such file"
          ? "check the path; relative paths start at the project directory"
          : "",
    });
    return undefined;
  }
}

/** Whether a file is there: a directory called .env, which Python's virtual environments often are, is none. */
export function isFile(path: string, session: Session): boolean {
  if (!session.exists(path)) return false;
  try {
    session.readFile(path);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "EISDIR");
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory",
  EACCES: "permission denied",
  ELOOP: "its symbolic links go in circles",
  ENXIO: "it is a socket",
  ENAMETOOLONG: "its name is too long",
  ENOTDIR: "part of the path is not a directory",
};

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return reasons[code] ?? error.message;
}
