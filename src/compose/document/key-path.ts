/** The way from the top of the document to a value: keys of maps and indexes of lists. */
export type KeyPath = readonly (string | number)[];

/** Writes a path as people do: services.web.ports[0]; keys with dots or spaces are quoted. */
export function formatPath(path: KeyPath): string {
  return path.reduce<string>((written, segment) => {
    if (typeof segment === "number") return `${written}[${segment}]`;
    const name = /^[^\s.[\]"]+$/.test(segment) ? segment : JSON.stringify(segment);
    return written === "" ? name : `${written}.${name}`;
  }, "");
}
