import type { Scalar } from "yaml";
import type { Report } from "../report.ts";
import type { Origin, ScalarNode } from "./node.ts";
import { resolvePlainScalar } from "./plain-scalar.ts";

const prefix = "tag:yaml.org,2002:";

/** Types a scalar: an unquoted one by its looks, a quoted one as a string, a tagged one as its tag says. */
export function convertScalar(parsed: Scalar, origin: Origin, report: Report): ScalarNode {
  const text = typeof parsed.value === "string" ? parsed.value : String(parsed.value ?? "");
  const tag = parsed.tag?.startsWith(prefix) ? parsed.tag.slice(prefix.length) : undefined;
  if (tag && tag !== "str") return convertTagged(tag, text, origin, report);
  const plain = tag !== "str" && (parsed.type === "PLAIN" || parsed.type === undefined);
  return plain
    ? { kind: "scalar", ...resolvePlainScalar(text), origin }
    : { kind: "scalar", value: text, origin };
}

const fits: Readonly<Record<string, (value: ScalarNode["value"]) => boolean>> = {
  null: (value) => value === null,
  bool: (value) => typeof value === "boolean",
  int: (value) => typeof value === "bigint" || Number.isInteger(value),
  float: (value) => typeof value === "number",
  timestamp: (value) => value instanceof Date,
};

function convertTagged(tag: string, text: string, origin: Origin, report: Report): ScalarNode {
  if (tag === "binary") return { kind: "scalar", value: Buffer.from(text, "base64").toString(), origin };
  const resolved = resolvePlainScalar(text);
  if (fits[tag] && !fits[tag](resolved.value)) {
    report.error({ code: "wrong-type", message: `${JSON.stringify(text)} is not a !!${tag}`, origin });
  }
  return { kind: "scalar", ...resolved, origin };
}
