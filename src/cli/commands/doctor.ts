import { Option } from "commander";
import type { Finding, Verdict } from "../doctor/check.ts";
import { checksFor } from "../doctor/checks.ts";
import { thisHost } from "../doctor/host.ts";
import type { Paint } from "../render/paint.ts";
import { padToWidth } from "../render/text-width.ts";
import { defineVerb } from "../verb.ts";

const MARKS: Readonly<Record<Verdict, readonly [string, "green" | "yellow" | "red"]>> = {
  ok: ["✔", "green"],
  limited: ["!", "yellow"],
  missing: ["✘", "red"],
};

/** `gantry doctor` */
export const doctor = defineVerb<{ readonly format: "table" | "json" }>({
  name: "doctor",
  summary: "Check whether this machine has what gantry needs",
  unprivileged: true,
  declare: (command) =>
    command.addOption(
      new Option("--format <format>", "Format of the output").choices(["table", "json"]).default("table"),
    ),
  run: (session, _operands, { format }) => {
    const host = thisHost(session.uid, session.environment);
    const findings = checksFor(session.uid).map((check) => check(host, session.roots));
    session.stdout.write(
      format === "json"
        ? `${JSON.stringify(findings, undefined, 2)}\n`
        : doctorReport(findings, session.paint),
    );
    return findings.some(({ verdict }) => verdict === "missing") ? 1 : 0;
  },
});

/** A line per finding, and below it what to do. */
export function doctorReport(findings: readonly Finding[], paint: Paint): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, verdict, found, fix }) => {
    const [mark, colour] = MARKS[verdict];
    const line = `${paint(colour, mark)} ${padToWidth(name, width)}  ${found}`;
    return fix ? [line, `  ${" ".repeat(width)}  fix: ${fix}`] : [line];
  });
  const missing = findings.filter(({ verdict }) => verdict === "missing").length;
  const verdict =
    missing === 0
      ? paint("green", "gantry can run here.")
      : paint("red", `gantry cannot run here yet: ${missing} of ${findings.length} checks failed.`);
  return `${[...lines, "", verdict].join("\n")}\n`;
}
