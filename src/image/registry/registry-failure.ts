import { GantryError } from "../../lib/diagnostic.ts";
import { isObject } from "../oci.ts";
import type { HttpResponse } from "./transport.ts";

const MOST_OF_AN_ERROR = 64 * 1024;
const LONGEST_REMARK = 300;

/** The error for an answer that is none: says what was tried on which registry, and what the registry said. */
export async function refusal(response: HttpResponse, attempted: string, host: string): Promise<GantryError> {
  const { status, headers } = response;
  const remark = remarkIn(await readBody(response, MOST_OF_AN_ERROR).catch(() => Buffer.alloc(0)));
  const said = remark === "" ? `it answered ${status}` : `it answered ${status}: ${remark}`;
  const { code, hint } = meaningOf(status, host, headers["retry-after"]);
  return new GantryError(code, `${attempted}: registry ${host} refuses: ${said}`, { hint });
}

function meaningOf(status: number, host: string, retryAfter: unknown): { code: string; hint: string } {
  if (status === 401 || status === 403) {
    return {
      code: "registry-denied",
      hint: `Check the name: private and missing repositories look the same. \`gantry login ${host}\` logs in.`,
    };
  }
  if (status === 404) {
    return {
      code: "registry-not-found",
      hint: "Check name and tag; `gantry image tags REPOSITORY` lists tags.",
    };
  }
  if (status === 429) {
    const wait =
      typeof retryAfter === "string" ? ` It asks to wait ${retryAfter} (seconds, or until then).` : "";
    return {
      code: "registry-rate-limited",
      hint: `Too many requests.${wait} \`gantry login ${host}\` raises the limit on most registries.`,
    };
  }
  return { code: "registry-error", hint: "The fault is the registry's: try again later." };
}

/** The error for a registry that cannot be reached. */
export function unreachable(error: unknown, attempted: string, url: URL): GantryError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return new GantryError(
    "registry-unreachable",
    `${attempted}: registry ${url.host} cannot be reached: ${message}`,
    {
      hint: explainConnection(code, url.host),
      cause: error,
    },
  );
}

function explainConnection(code: string, host: string): string {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return "Check the registry's name and this machine's DNS; behind a proxy, set HTTPS_PROXY.";
  }
  if (/^(?:ERR_TLS|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO)/.test(code)) {
    return `Put its authority's certificate into /etc/gantry/certs.d/${host}/ca.crt (docs/images.md).`;
  }
  if (code === "EPROTO") {
    return `If it speaks plain HTTP, name it in insecure-registries of gantry's config.json (docs/images.md).`;
  }
  if (code.startsWith("ERR_PROXY")) return "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.";
  if (code === "ECONNREFUSED") return "Check that the registry runs, and its port.";
  return "Check the network, and try again.";
}

/** The error for a registry that sends something else than it promised. */
export function lied(problem: string, host: string): GantryError {
  return new GantryError("registry-content", `registry ${host} sent wrong content: ${problem}`, {
    hint: "Nothing of it was kept. Try again; if it stays so, the registry or a proxy on the way is at fault.",
  });
}

/** Reads a whole body of limited size. */
export async function readBody(response: Pick<HttpResponse, "body">, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += (chunk as Buffer).length;
    if (size > most) throw new RangeError(`more than ${most} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** The registry's own words (distribution-spec, error codes), without what could confuse a terminal. */
function remarkIn(body: Buffer): string {
  const text = body.toString("utf8");
  const words = errorsIn(text) ?? (/^\s*</.test(text) ? "" : text);
  const clean = words.replace(/\p{Cc}+/gu, " ").trim();
  return clean.length > LONGEST_REMARK ? `${clean.slice(0, LONGEST_REMARK)}…` : clean;
}

function errorsIn(text: string): string | undefined {
  try {
    const document: unknown = JSON.parse(text);
    const errors = isObject(document) ? (document["errors"] ?? [document]) : [];
    if (!Array.isArray(errors)) return undefined;
    return errors
      .filter(isObject)
      .map((error) => String(error["message"] ?? error["details"] ?? error["code"] ?? ""))
      .join("; ");
  } catch {
    return undefined;
  }
}
