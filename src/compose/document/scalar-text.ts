import type { ScalarNode } from "./node.ts";

/** A scalar as the text that a container sees, for places that take strings, such as environment. */
export function scalarText(node: ScalarNode): string {
  const { value } = node;
  if (value === null) return "";
  if (typeof value === "number" && node.float) return floatText(value);
  if (value instanceof Date) return value.toISOString();
  return String(value);
}

// Floating-point numbers are written with an exponent from 1e+06 on and below 1e-04, as Compose does.
function floatText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
