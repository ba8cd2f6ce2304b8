import { hash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Diagnostic } from "../../lib/diagnostic.ts";
import type { ReportLooks } from "./report-format.ts";

/** GitLab's own name for the file; it shows what is in it beside the lines of a merge request. */
export const CODE_QUALITY_FILE = "gl-code-quality-report.json";

/** Begins the report anew, so that what is in it afterwards is of this command: nothing, when nothing was wrong. */
export function beginForGitlab(looks: Pick<ReportLooks, "format" | "workingDirectory">): void {
  if (looks.format === "gitlab") write(looks, []);
}

/** Adds diagnostics to the report (https://docs.gitlab.com/ci/testing/code_quality). */
export function recordForGitlab(
  looks: Pick<ReportLooks, "format" | "workingDirectory">,
  diagnostics: readonly Diagnostic[],
): void {
  if (looks.format !== "gitlab" || diagnostics.length === 0) return;
  write(looks, [...readEntries(looks), ...diagnostics.map((one) => entryOf(one, looks))]);
}

function entryOf(diagnostic: Diagnostic, { workingDirectory }: Pick<ReportLooks, "workingDirectory">) {
  const { severity, code, message, hint, path, position } = diagnostic;
  const file = position ? relative(workingDirectory, position.file) : "compose.yaml";
  return {
    description: [message, ...(hint ? [`hint: ${hint}`] : [])].join("\n"),
    check_name: code,
    // Not of the line: what moves up or down is still the same to GitLab.
    fingerprint: hash("sha256", JSON.stringify([code, file, path ?? message]), "hex"),
    severity: severity === "error" ? "critical" : "minor",
    location: { path: file, lines: { begin: position?.line ?? 1 } },
  };
}

type Directory = Pick<ReportLooks, "workingDirectory">;

function readEntries({ workingDirectory }: Directory): readonly unknown[] {
  try {
    return JSON.parse(readFileSync(join(workingDirectory, CODE_QUALITY_FILE), "utf8")) as unknown[];
  } catch {
    return [];
  }
}

function write({ workingDirectory }: Directory, entries: readonly unknown[]): void {
  writeFileSync(join(workingDirectory, CODE_QUALITY_FILE), `${JSON.stringify(entries, undefined, 2)}\n`);
}
