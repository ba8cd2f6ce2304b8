import type { Service } from "../../compose/index.ts";
import type { ImageConfig } from "../../image/index.ts";

/** "80/tcp" for each port that the image or the service declares (`expose`, `ports`), ranges spelt out. */
export function exposedPorts(service: Service, image: ImageConfig): string[] {
  const declared = [...Object.keys(image.ExposedPorts ?? {}), ...(service.expose ?? [])].flatMap(spellOut);
  const published = (service.ports ?? []).map(({ target, protocol }) => `${target}/${protocol}`);
  return [...new Set([...declared, ...published])];
}

/** "3000-3002/udp" is three ports. */
function spellOut(text: string): string[] {
  const match = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(text);
  if (!match) return [];
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  return Array.from({ length: last - first + 1 }, (_, offset) => `${first + offset}/${match[3] ?? "tcp"}`);
}
