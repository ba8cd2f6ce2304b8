import type { Service } from "../../compose/index.ts";

/**
 * `links` and `external_links`: by what name the container knows which service or container. Each is "name" or
 * "name:alias".
 */
export function links(service: Service): Record<string, string> {
  const all = [...(service.external_links ?? []), ...(service.links ?? [])];
  return Object.fromEntries(
    all.map((link) => {
      const [name = "", alias = name] = link.split(":");
      return [alias, name];
    }),
  );
}
