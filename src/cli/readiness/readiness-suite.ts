import type { GantryError } from "../../lib/diagnostic.ts";
import type { ProgressEvent, UpParams } from "../../supervisor/index.ts";
import type { JunitCase, JunitSuite } from "../render/junit.ts";

type Upping = {
  readonly request: { readonly project: Pick<UpParams["project"], "name"> };
  /** Unix milliseconds. */
  readonly started: number;
  readonly ended: number;
  readonly events: readonly ProgressEvent[];
  readonly error: GantryError | undefined;
};

/** A case for each container, by what was told of it, and one for the command itself: it can fail before there are any. */
export function readinessSuite({ request, started, ended, events, error }: Upping): JunitSuite {
  const { name } = request.project;
  const failures = new Map(
    (error?.failures ?? []).flatMap((failure) =>
      (failure.containers.length > 0 ? failure.containers : [failure.service]).map((one) => [one, failure]),
    ),
  );
  const containers = lastOf(events);
  const names = [...new Set([...containers.keys(), ...failures.keys()])].sort();
  const cases = names.map((container): JunitCase => {
    const failure = failures.get(container);
    const last = containers.get(container);
    const milliseconds = Math.max(0, (failure ? ended : (last?.time ?? ended)) - started);
    if (failure) return { name: container, milliseconds, failure };
    if (error && !(last && ARRIVED.has(last.status)))
      return { name: container, milliseconds: 0, skipped: "not started" };
    return { name: container, milliseconds };
  });
  const up: JunitCase = { name: "up", milliseconds: ended - started, ...(error && { failure: error }) };
  return { name, started, milliseconds: ended - started, cases: [...cases, up] };
}

const ARRIVED: ReadonlySet<ProgressEvent["status"]> = new Set(["started", "running", "healthy", "exited"]);

/** The last that each container came to. */
function lastOf(events: readonly ProgressEvent[]): ReadonlyMap<string, ProgressEvent> {
  const told = events.filter(
    ({ kind, status }) => kind === "container" && !["warning", "error"].includes(status),
  );
  return new Map(told.map((event) => [event.name, event]));
}
