import { expect, it } from "vitest";
import { eventJson, eventText } from "../../../src/cli/render/event-text.ts";
import type { ContainerEvent } from "../../../src/supervisor/index.ts";

const container = { id: "abc", name: "shop-web-1", service: "web", number: 1 };
const time = Date.UTC(2026, 0, 31, 10, 0, 0, 5);
const died: ContainerEvent = { container, action: "die", attributes: { exitCode: "3" }, time };

it("an event's JSON has the fields of Docker Compose", () => {
  expect(JSON.parse(eventJson(died))).toEqual({
    action: "die",
    attributes: { exitCode: "3", name: "shop-web-1" },
    id: "abc",
    service: "web",
    time: "2026-01-31T10:00:00.005Z",
    type: "container",
    version: 1,
  });
});

it("an event's text names time, action, container and attributes", () => {
  const text = eventText(died);
  expect(text).toMatch(
    /^2026-\d\d-\d\d \d\d:\d\d:00\.005000 container die abc \(exitCode=3, name=shop-web-1\)\n$/,
  );
});

it("a health check's result is part of the action", () => {
  const event: ContainerEvent = {
    container,
    action: "health_status",
    attributes: { health_status: "healthy" },
    time,
  };
  expect(eventText(event)).toContain(" container health_status: healthy abc (name=shop-web-1)");
});

it("image and labels are among the attributes, as with Docker Compose", () => {
  const labelled = { ...container, image: "nginx:1", labels: { "traefik.enable": "true" } };
  expect(JSON.parse(eventJson({ ...died, container: labelled }))).toMatchObject({
    attributes: { image: "nginx:1", "traefik.enable": "true", exitCode: "3", name: "shop-web-1" },
  });
});
