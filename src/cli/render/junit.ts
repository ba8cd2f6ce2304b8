/** One thing that was to succeed. */
export type JunitCase = {
  readonly name: string;
  readonly milliseconds: number;
  readonly failure?: { readonly code: string; readonly message: string; readonly details: readonly string[] };
  /** Why it was not tried. */
  readonly skipped?: string;
};

export type JunitSuite = {
  readonly name: string;
  /** Unix milliseconds. */
  readonly started: number;
  readonly milliseconds: number;
  readonly cases: readonly JunitCase[];
};

/** A report as JUnit's reporter for Ant began it and every CI system reads it. */
export function junitReport(suite: JunitSuite): string {
  const { name, started, milliseconds, cases } = suite;
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const skipped = cases.filter((one) => one.skipped !== undefined).length;
  const counts = { tests: cases.length, failures, errors: 0, skipped };
  const attributes = {
    name,
    ...counts,
    time: seconds(milliseconds),
    timestamp: new Date(started).toISOString(),
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    `  <testsuite${written(attributes)}>`,
    ...cases.map((one) => caseText(name, one)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function caseText(suite: string, { name, milliseconds, failure, skipped }: JunitCase): string {
  const head = `    <testcase${written({ classname: suite, name, time: seconds(milliseconds) })}`;
  if (skipped !== undefined) return `${head}><skipped${written({ message: skipped })}/></testcase>`;
  if (!failure) return `${head}/>`;
  const { code, message, details } = failure;
  const text = escaped([message, ...details].join("\n"));
  return `${head}><failure${written({ type: code, message })}>${text}</failure></testcase>`;
}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(3);

const written = (attributes: Readonly<Record<string, string | number>>) =>
  Object.entries(attributes)
    .map(
      ([name, value]) =>
        ` ${name}="${escaped(String(value)).replaceAll('"', "&quot;").replaceAll("\n", "&#10;")}"`,
    )
    .join("");

/** Containers may log anything: what XML cannot hold at all becomes a question mark. */
const escaped = (text: string): string =>
  Array.from(text, (sign) => (isAllowed(sign.codePointAt(0)!) ? sign : "?"))
    .join("")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");

const isAllowed = (code: number) =>
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 32 && !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff);
