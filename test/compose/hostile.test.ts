import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderProject } from "../../src/compose/index.ts";
import { load } from "./support/load-text.ts";

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

const fragments = [
  "null",
  "~",
  "[]",
  "{}",
  "!reset",
  "!override",
  "*base",
  "&base",
  "<<:",
  "${",
  "$$",
  "${A:?x}",
  "- ",
  ": ",
  "\t",
  "\n",
  "  ",
  '"',
  "'",
  "|\n",
  ">-\n",
  "0x",
  "1e9999",
  "2024-01-01",
  "service:web",
  "__proto__",
  "x-",
  "# ",
  "\u2028",
  "?",
  "---\n",
  "80:80",
  "1-2:3-4",
  "true",
  "-1",
  "99999999999999999999",
  "é",
  "🐳",
  "<<: [*base, 5]",
  "extends: web",
  "include: [compose.yaml]",
];

/** The seed with a few pieces cut out, doubled, moved or replaced: most of it stays close to a real file. */
const mutated = fc
  .array(
    fc.record({
      at: fc.nat({ max: seed.length }),
      length: fc.nat({ max: 12 }),
      text: fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 6 }), fc.constant("")),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((edits) =>
    edits.reduce(
      (text, { at, length, text: added }) => text.slice(0, at) + added + text.slice(at + length),
      seed,
    ),
  );

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

function outcome(text: string): string {
  const result = load(text, { environment: { A: "a" } });
  if (!result.ok) {
    expect(result.errors.length).toBeGreaterThan(0);
    for (const { position, message } of result.errors) {
      expect(message).not.toBe("");
      if (position) expect(Math.min(position.line, position.column)).toBeGreaterThan(0);
    }
    return "refused";
  }
  expect(renderProject(result.project, "yaml")).toContain("services:");
  expect(JSON.parse(renderProject(result.project, "json"))).toHaveProperty("services");
  return "loaded";
}

describe("whatever the file says", () => {
  it("the seed itself loads", () => expect(outcome(seed)).toBe("loaded"));

  it("a mutated file becomes a model or diagnostics, never a crash", () => {
    fc.assert(
      fc.property(mutated, (text) => void outcome(text)),
      { numRuns: 300 },
    );
  });

  it("a file of any shape becomes a model or diagnostics, never a crash", () => {
    fc.assert(
      fc.property(shaped, (document) => void outcome(JSON.stringify(document))),
      { numRuns: 300 },
    );
  });

  it("what is printed loads to the same model", () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const first = load(text, { environment: { A: "a" } });
        if (!first.ok) return;
        const printed = renderProject(first.project, "yaml");
        const second = load(printed, { environment: { A: "a" }, profiles: ["*"] });
        if (!second.ok)
          throw new Error(JSON.stringify(second.errors.map(({ path, message }) => [path, message])));
        expect(renderProject(second.project, "yaml")).toBe(printed);
      }),
      { numRuns: 100 },
    );
  });
});
