const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** A size in decimal units with three significant digits, as Docker prints image sizes: "4.26MB". */
export function humanSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${Number(value.toPrecision(3))}${UNITS[unit]}`;
}
