import { get, implied, type MapNode, type ScalarValue, text, withEntry } from "../document/node.ts";
import { pathTable } from "../document/path-table.ts";
import type { Transform } from "../document/transform.ts";

/** What the defaults depend on. */
type DefaultsContext = { readonly projectDirectory: string };

type Default = Transform<DefaultsContext>;

/** Sets keys that are missing from a map. */
const missing =
  (
    values: (node: MapNode, context: DefaultsContext) => Readonly<Record<string, ScalarValue | undefined>>,
  ): Default =>
  (node, _, context) => {
    if (node.kind !== "map") return node;
    let result: MapNode = node;
    for (const [key, value] of Object.entries(values(node, context))) {
      if (value !== undefined && !node.entries.has(key))
        result = withEntry(result, key, implied(value, node.origin, "default"));
    }
    return result;
  };

const deviceCount = missing((node) => ({ count: node.entries.has("device_ids") ? undefined : -1 }));

/** Values that attributes have when the file does not give them. */
export const defaults = pathTable<Default>({
  "services.*.build": missing((_, { projectDirectory }) => ({ context: projectDirectory })),
  "services.*.depends_on.*": missing(() => ({ required: true })),
  "services.*.secrets.*": missing((node) => ({ target: `/run/secrets/${text(get(node, "source"))}` })),
  "services.*.ports.*": missing(() => ({ protocol: "tcp", mode: "ingress" })),
  "services.*.deploy.resources.reservations.devices.*": deviceCount,
  "services.*.gpus.*": deviceCount,
});
