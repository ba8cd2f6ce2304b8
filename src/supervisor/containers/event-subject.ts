import type { ContainerRecord } from "../../runtime/index.ts";
import type { ContainerEvent } from "../protocol.ts";

const OF_COMPOSE = "com.docker.compose.";

/** What an event says of its container. */
export function eventSubject(record: ContainerRecord): ContainerEvent["container"] {
  const { id, name, service, number, image } = record;
  const labels = Object.entries(record.labels).filter(([key]) => !key.startsWith(OF_COMPOSE));
  return {
    id,
    name,
    service,
    number,
    image: image.reference,
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
  };
}
