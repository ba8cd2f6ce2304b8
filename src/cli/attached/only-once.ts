import type { ContainerEvent } from "../../supervisor/index.ts";

/** More events than a journal holds, so that reading it again tells nothing twice. */
const REMEMBERED = 20_000;

/** Passes each event on the first time it comes: the journal and the supervisor may both tell it. */
export function onlyOnce(tell: (event: ContainerEvent) => void): (event: ContainerEvent) => void {
  const told = new Set<string>();
  return (event) => {
    const key = `${event.time} ${event.action} ${event.container.id}`;
    if (told.has(key)) return;
    told.add(key);
    if (told.size > REMEMBERED) told.delete(told.values().next().value!);
    tell(event);
  };
}
