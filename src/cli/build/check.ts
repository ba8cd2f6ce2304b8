import { checkStyle, isStrict, parseDockerfile } from "../../build/index.ts";
import { renderDiagnostic } from "../render/diagnostic.ts";
import type { Session } from "../session.ts";
import type { DockerfileText } from "./context-files.ts";

/** `build --check`: faults end it, remarks are shown; the exit code says whether there were any. */
export function checkDockerfiles(session: Session, dockerfiles: readonly DockerfileText[]): number {
  let found = 0;
  for (const { text, path } of dockerfiles) {
    const dockerfile = parseDockerfile(text, path);
    const isError = isStrict(dockerfile.directives.check);
    for (const remark of checkStyle(dockerfile)) {
      const shown = isError ? { ...remark, severity: "error" as const } : remark;
      session.stdout.write(renderDiagnostic(shown, session.paint, session.workingDirectory));
      found++;
    }
  }
  const result =
    found === 0 ? "no warnings" : found === 1 ? "1 warning has been" : `${found} warnings have been`;
  session.stdout.write(`Check complete, ${result} found${found === 0 ? "." : "!"}\n`);
  return found === 0 ? 0 : 1;
}
