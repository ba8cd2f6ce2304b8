import { expect, it } from "vitest";
import { onlyOnce } from "../../src/cli/attached/only-once.ts";
import type { ContainerEvent } from "../../src/supervisor/index.ts";

it("an event that is heard and also read from the journal is told once; its neighbours are told too", () => {
  const container = { id: "abc", name: "shop-web-1", service: "web", number: 1 };
  const event: ContainerEvent = { container, action: "die", attributes: {}, time: 5 };
  const others: ContainerEvent[] = [
    { ...event, action: "stop" },
    { ...event, time: 6 },
    { ...event, container: { ...container, id: "def" } },
  ];
  const told: ContainerEvent[] = [];
  const once = onlyOnce((one) => told.push(one));
  for (const one of [event, ...others, structuredClone(event)]) once(one);
  expect(told).toEqual([event, ...others]);
});
