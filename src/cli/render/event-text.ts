import type { ContainerEvent } from "../../supervisor/index.ts";
import { EVENT_STREAM_VERSION } from "./events/event-line.ts";

/** An event as Docker Compose prints it: local time, what happened, to which container. */
export function eventText(event: ContainerEvent): string {
  const attributes = Object.entries(attributesOf(event)).map(([key, value]) => `${key}=${value}`);
  return `${localTime(event.time)} container ${actionOf(event)} ${event.container.id} (${attributes.join(", ")})\n`;
}

/** An event as one line of JSON, with the fields of `docker compose events --json`. */
export function eventJson(event: ContainerEvent): string {
  const line = {
    version: EVENT_STREAM_VERSION,
    action: actionOf(event),
    attributes: attributesOf(event),
    id: event.container.id,
    service: event.container.service,
    time: new Date(event.time).toISOString(),
    type: "container",
  };
  return `${JSON.stringify(line)}\n`;
}

/** The engine puts a health check's result into the name of the action. */
function actionOf({ action, attributes }: ContainerEvent): string {
  return action === "health_status" ? `health_status: ${attributes["health_status"]}` : action;
}

function attributesOf({ container, attributes }: ContainerEvent): Readonly<Record<string, string>> {
  const { health_status, ...others } = attributes;
  const { image, labels, name } = container;
  return { ...labels, ...others, ...(image !== undefined && { image }), name };
}

function localTime(time: number): string {
  const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return `${date.toISOString().slice(0, -1).replace("T", " ")}000`;
}
