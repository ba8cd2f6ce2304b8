import type { EnvironmentMap, Service } from "../../compose/index.ts";
import type { ImageConfig } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";

/** argv of the container: an entrypoint of the service's own drops the image's command along with its entrypoint. */
export function processArguments(name: string, service: Service, image: ImageConfig): string[] {
  const entrypoint = service.entrypoint ?? image.Entrypoint ?? [];
  const command = service.command ?? (service.entrypoint === null ? (image.Cmd ?? []) : []);
  const argv = [...entrypoint, ...command];
  if (argv.length > 0) return argv;
  throw new GantryError("no-command", `service ${name}: there is no command to run`, {
    hint: "the image sets neither an entrypoint nor a command: set `command:` in the service",
  });
}

/** "KEY=value" in the image's order, then the service's; a null value takes a key out. */
export function processEnvironment(image: ImageConfig, environment: EnvironmentMap = {}): string[] {
  const merged = new Map<string, string | null>();
  for (const entry of image.Env ?? []) {
    const [key, value] = splitOnce(entry, "=");
    merged.set(key, value ?? "");
  }
  for (const [key, value] of Object.entries(environment)) merged.set(key, value);
  return [...merged].flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}`]));
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
