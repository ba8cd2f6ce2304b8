import { describe, expect, it } from "vitest";
import { load } from "./support/load-text.ts";

function services(count: number): string {
  const service = (index: number) =>
    [
      `  s${index}:`,
      "    image: busybox",
      "    command: [sleep, '1000']",
      "    environment: {A: '1', B: x}",
      `    ports: ["${1000 + (index % 60_000)}:80"]`,
      "    healthcheck: {test: [CMD, 'true'], interval: 1s}",
      ...(index ? [`    depends_on: [s${index - 1}]`] : []),
    ].join("\n");
  return `services:\n${Array.from({ length: count }, (_, index) => service(index)).join("\n")}\n`;
}

/** Of the processor, not of the clock: other work shares the machine. */
function milliseconds(text: string): number {
  const started = process.cpuUsage();
  expect(load(text).ok).toBe(true);
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

const best = (text: string) => Math.min(...Array.from({ length: 2 }, () => milliseconds(text)));

describe("loading", () => {
  it("takes time in proportion to the services", () => {
    const few = services(100);
    const many = services(800);
    best(few);
    // Eight times the services: generous, since other work shares the machine, and far from a square's 64.
    expect(best(many) / best(few)).toBeLessThan(32);
  });
});
