import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";

/** Pieces that mean something to YAML or to Compose, for putting into a file where they do not belong. */
const fragments = [
  ..."null ~ [] {} !reset !override *base &base <<: ${ $$ ${A:?x} ${A:-${B}} 0x 1e9999 2024-01-01 service:web".split(
    " ",
  ),
  ..."__proto__ x- ? 80:80 1-2:3-4 true -1 99999999999999999999 é 🐳 0755 1h 5m @ % ` !!str !!int !!binary".split(
    " ",
  ),
  ...[
    "- ",
    ": ",
    "\t",
    "\n",
    "  ",
    '"',
    "'",
    "|\n",
    ">-\n",
    "# ",
    "\u2028",
    "\uFEFF",
    "\0",
    "\r\n",
    "---\n",
    "...\n",
  ],
  ...[
    "<<: [*base, 5]",
    "extends: web",
    "include: [compose.yaml]",
    "extends: {file: compose.yaml, service: web}",
  ],
  ..."services: networks: volumes: image: ports: environment: depends_on: build: deploy: profiles:".split(
    " ",
  ),
];

const repository = join(import.meta.dirname, "../../..");

/** Every Compose file of the conformance cases, the broken ones and the examples, as text. */
export function realFiles(): string[] {
  return ["test/conformance/cases", "test/conformance/broken", "examples"]
    .map((directory) => join(repository, directory))
    .filter((directory) => existsSync(directory))
    .flatMap((directory) =>
      readdirSync(directory, { recursive: true, encoding: "utf8" })
        .filter((path) => /(^|\/)compose[^/]*\.ya?ml$/.test(path))
        .sort()
        .map((path) => readFileSync(join(directory, path), "utf8")),
    );
}

/** One of the texts with a few pieces cut out, doubled, moved or replaced: most of it stays close to a real file. */
export function mutated(seeds: readonly string[]): fc.Arbitrary<string> {
  const place = fc.integer({ min: 0, max: 9_999 }).map((part) => part / 10_000);
  const edit = fc.record({
    at: place,
    length: fc.oneof(fc.constant(0), fc.constant(1), fc.nat({ max: 12 })),
    text: fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 6 }), fc.constant("")),
    copied: fc.option(place, { freq: 2 }),
  });
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 3 }))
    .map(([seed, edits]) =>
      edits.reduce((text, { at, length, text: added, copied }) => {
        const start = Math.floor(at * text.length);
        const from = Math.floor((copied ?? 0) * text.length);
        const piece = copied === null ? added : text.slice(from, from + length * 4);
        return text.slice(0, start) + piece + text.slice(start + length);
      }, seed),
    );
}
