import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** Gives a text its colour, or leaves it alone where colours are not wanted. */
export type Paint = (format: Format, text: string) => string;

export const noPaint: Paint = (_format, text) => text;

const colour: Paint = (format, text) => styleText(format, text, { validateStream: false });

/** `--ansi`, then NO_COLOR (no-color.org), then whether it is a terminal that can. */
export function choosePaint(
  ansi: "auto" | "always" | "never",
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  if (ansi === "always") return colour;
  if (ansi === "never" || environment["NO_COLOR"] || environment["TERM"] === "dumb") return noPaint;
  return isTerminal ? colour : noPaint;
}
