import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderProject } from "../../src/compose/index.ts";
import { type Files, load } from "./support/load-text.ts";
import { mutated, realFiles } from "./support/mutated-files.ts";
import { outcomeOf } from "./support/outcome.ts";

const seed = [
  "name: shop",
  "x-base: &base {restart: always, labels: [a=b]}",
  "include: []",
  "services:",
  "  web:",
  "    <<: *base",
  "    image: nginx:${TAG:-1}",
  '    ports: ["8080:80", {target: 81, published: "81-85"}]',
  "    volumes: [data:/data:ro, ./a:/a, {type: tmpfs, target: /t, tmpfs: {size: 1m}}]",
  "    depends_on: {db: {condition: service_healthy}}",
  "    environment: [A=1, B]",
  "    command: sh -c 'echo $$A'",
  "    deploy: {replicas: 2, resources: {limits: {cpus: '0.5', memory: 1g}}}",
  "    networks: {front: {aliases: [x], ipv4_address: 10.0.0.2}}",
  "    extra_hosts: {h: [1.1.1.1]}",
  "  db:",
  "    extends: {service: base}",
  "    healthcheck: {test: 'true', interval: 1m30s}",
  "    build: {context: ., args: {X: }, ssh: [default]}",
  "  base: {image: x, secrets: [s], ulimits: {nofile: 5}}",
  "networks: {front: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}",
  "volumes: {data: {external: true}}",
  "secrets: {s: {environment: S}}",
  "",
].join("\n");

/** Documents of the right keys with values of any kind. */
const keys = [
  "image",
  "ports",
  "volumes",
  "networks",
  "depends_on",
  "environment",
  "build",
  "deploy",
  "healthcheck",
  "extends",
  "command",
];
const anything: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, -1, 1.5, "", "a", "a=b", "80:80", "${A}", "service:web"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom("target", "source", "condition", "web", "test", "context", "a", "x-b"),
      tie("value"),
      { maxKeys: 3 },
    ),
  ),
})).value;
const shaped = fc.record(
  {
    services: fc.dictionary(
      fc.constantFrom("web", "db"),
      fc.dictionary(fc.constantFrom(...keys), anything, { maxKeys: 5 }),
    ),
    networks: anything,
    volumes: anything,
    include: anything,
  },
  { requiredKeys: ["services"] },
);

const seeds = [seed, ...realFiles()];

describe("whatever the file says", () => {
  it("the seed itself loads", () => expect(outcomeOf(seed)).toBe("loaded"));

  it("a mutated file becomes a model or diagnostics, never a crash", () => {
    fc.assert(
      fc.property(mutated(seeds), (text) => void outcomeOf(text)),
      { numRuns: 300 },
    );
  });

  it("a file of any shape becomes a model or diagnostics, never a crash", () => {
    fc.assert(
      fc.property(shaped, (document) => void outcomeOf(JSON.stringify(document))),
      { numRuns: 300 },
    );
  });

  it("what is printed loads to the same model", () => {
    fc.assert(
      fc.property(mutated([seed]), (text) => {
        const first = load(text, { environment: { A: "a" } });
        if (!first.ok) return;
        const printed = renderProject(first.project, "yaml");
        // In a list an entry "=1" is a variable without a name; in the map that is printed, there may be none.
        if (printed.includes('"":')) return;
        const second = load(printed, { environment: { A: "a" }, profiles: ["*"] });
        if (!second.ok)
          throw new Error(JSON.stringify(second.errors.map(({ path, message }) => [path, message])));
        expect(renderProject(second.project, "yaml")).toBe(printed);
      }),
      { numRuns: 100 },
    );
  });
});

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");
const web = "services:\n  web:\n    image: x\n";

/** Short files that ask for very much: each is refused, or read, in a second or two of the processor at worst. */
const greedy: readonly (readonly [what: string, files: Files, message: string])[] = [
  [
    "services that extend each other without end",
    `services:\n${lines(300, (i) => `  s${i}: {extends: s${i + 1}}`)}\n  s300: {image: x}\n`,
    "services extend each other more than 50 deep",
  ],
  [
    "includes that double at each level",
    Object.fromEntries(
      ["compose", ...Array.from({ length: 30 }, (_, i) => i + 1)].map((name, i) => [
        `${name}.yaml`,
        `include: [${i + 1}.yaml, ${i + 1}.yaml]\nservices: {}\n`,
      ]),
    ),
    "too many files are included",
  ],
  [
    "variables within variables",
    `${web}    hostname: ${"${A:-".repeat(1_900)}${"}".repeat(1_900)}\n`,
    "variables are nested more than 50 deep",
  ],
  ["keys nobody knows", `${web}${lines(3_000, (i) => `    k${i}: 1`)}\n`, "has no key k0"],
  ["unset variables", `${web}    hostname: '${lines(20_000, (i) => `$V${i}`).replaceAll("\n", "")}'\n`, ""],
  [
    "a million values",
    `services:\n${lines(100_000, (i) => `  s${i}: {image: x, init: true, tty: true, scale: 1}`)}\n`,
    "more than 400000 values",
  ],
  ["open brackets", `x-a: ${"{a: ".repeat(9_000)}\n`, "nested too deeply"],
  ["colons", `${web}    command: ${"a: ".repeat(5_000)}\n`, "nested too deeply"],
  ["lines that are all wrong", `${web}${lines(5_000, (i) => `    k${i} x`)}\n`, ""],
];

describe("a greedy file", () => {
  it.each(greedy)("with %s takes bounded time", (_, files, message) => {
    const started = process.cpuUsage();
    const result = load(files);
    const first = result.ok ? "" : (result.errors[0]?.message ?? "");
    expect(first).toContain(message);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(5_000);
  });

  it("has its first five hundred faults shown, and the others counted", () => {
    const result = load(`${web}${lines(700, (i) => `    k${i}: 1`)}\n`);
    expect(result.ok ? [] : result.errors).toHaveLength(501);
    expect(result.ok ? "" : result.errors.at(-1)?.message).toBe(
      "there are 200 more errors, which are not shown",
    );
  });
});
