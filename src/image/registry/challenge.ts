/** What a registry asks for in WWW-Authenticate. */
export type Challenge =
  | { readonly scheme: "basic" }
  | {
      readonly scheme: "bearer";
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    };

/** Reads WWW-Authenticate (RFC 9110, section 11.6.1); bearer is preferred, schemes we do not know are left out. */
export function parseChallenge(header: string | string[] | undefined): Challenge | undefined {
  const headers = typeof header === "string" ? [header] : (header ?? []);
  const found = headers.flatMap(challengesIn);
  return found.find(({ scheme }) => scheme === "bearer") ?? found[0];
}

function challengesIn(header: string): Challenge[] {
  // A scheme is a word that is not followed by "=".
  const starts = [...header.matchAll(/(?:^|,\s*)(basic|bearer)(?=\s|,|$)/gi)];
  return starts.flatMap((start, index): Challenge[] => {
    const text = header.slice(start.index + start[0].length, starts[index + 1]?.index);
    const { realm, service, scope } = parametersIn(text);
    if (start[1]!.toLowerCase() === "basic") return [{ scheme: "basic" }];
    return realm === undefined ? [] : [{ scheme: "bearer", realm, service, scope }];
  });
}

function parametersIn(text: string): Readonly<Record<string, string | undefined>> {
  const parameters: Record<string, string> = {};
  for (const [, name, quoted, plain] of text.matchAll(
    /([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi,
  )) {
    parameters[name!.toLowerCase()] = quoted?.replace(/\\(.)/g, "$1") ?? plain!;
  }
  return parameters;
}
