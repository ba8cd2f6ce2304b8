import { GantryError, type ServiceFailure, withFailures } from "../../lib/diagnostic.ts";
import type { LoadedModel } from "./load-model.ts";

/** Does `work` on a loaded model; what fails of a service is told with the place in the files that it is about. */
export async function placingFailures<T>(
  model: Pick<LoadedModel, "explain">,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GantryError) || error.failures.length === 0) throw error;
    throw withFailures(
      error,
      error.failures.map((failure) => placed(model, failure)),
    );
  }
}

function placed({ explain }: Pick<LoadedModel, "explain">, failure: ServiceFailure): ServiceFailure {
  const service = ["services", failure.service];
  const paths = [...keysAbout(failure.code).map((key) => [...service, key]), service];
  for (const path of paths) {
    const found = explain(path);
    const position = found.kind === "value" ? found.history[0].position : undefined;
    if (position) return { ...failure, path: found.path, position };
  }
  return failure;
}

/** Failures that are about one attribute. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  "logging-driver-unsupported": "logging",
  "invalid-log-option": "logging",
  "api-socket-unsupported": "use_api_socket",
  "storage-opt-unsupported": "storage_opt",
  "security-module-unsupported": "security_opt",
  "bad-limit": "deploy",
  "device-missing": "devices",
};

/** The keys of a service that a failure is about, the likeliest first. */
function keysAbout(code: string): readonly string[] {
  if (code === "unhealthy" || code === "wait-timeout") return ["healthcheck"];
  if (code.startsWith("port-")) return ["ports"];
  if (code in ATTRIBUTES) return [ATTRIBUTES[code]!];
  if (code === "condition-failed" || code.startsWith("command-")) return ["command", "image"];
  return [];
}
