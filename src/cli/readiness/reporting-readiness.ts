import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import type { ProgressEvent, UpParams } from "../../supervisor/index.ts";
import { junitReport } from "../render/junit.ts";
import type { Session } from "../session.ts";
import { readinessSuite } from "./readiness-suite.ts";

type Listen = (event: ProgressEvent) => void;

/** Brings something up, and writes what became ready to a JUnit file where one is asked for, also when that failed. */
export async function reportingReadiness<T>(
  session: Session,
  request: Pick<UpParams, "project">,
  file: string | undefined,
  work: (listen: Listen) => Promise<T>,
): Promise<T> {
  if (file === undefined) return work(() => undefined);
  const path = resolve(session.workingDirectory, file);
  mkdirSync(dirname(path), { recursive: true });
  const started = Date.now();
  const events: ProgressEvent[] = [];
  const report = (error?: GantryError) => {
    const suite = readinessSuite({ request, started, ended: Date.now(), events, error });
    writeFileSync(path, junitReport(suite));
  };
  try {
    const result = await work((event) => events.push(event));
    report();
    return result;
  } catch (error) {
    report(error instanceof GantryError ? error : new GantryError("internal", String(error)));
    throw error;
  }
}
