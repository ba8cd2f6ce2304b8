import { once } from "node:events";
import type { MethodContext } from "./context.ts";

/** Streams changes in containers' lives until the client closes. */
export async function subscribe({
  supervision,
  emit,
  signal,
}: MethodContext): Promise<Record<string, never>> {
  const end = supervision.context.hub.subscribe(emit);
  try {
    if (!signal.aborted) await once(signal, "abort");
  } finally {
    end();
  }
  return {};
}
