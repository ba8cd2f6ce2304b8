import type { Service } from "../../compose/index.ts";
import type { DeviceSetting } from "../../runtime/index.ts";

/** Devices of a service, in the long form or as "host[:container[:permissions]]". */
export function devices(service: Service): DeviceSetting[] {
  return (service.devices ?? []).map((device) =>
    typeof device === "string" ? shortForm(device) : longForm(device as LongForm),
  );
}

type LongForm = { readonly source: string; readonly target?: string; readonly permissions?: string };

function longForm({ source, target, permissions }: LongForm): DeviceSetting {
  return { source, target: target ?? source, permissions: permissions ?? "rwm" };
}

function shortForm(text: string): DeviceSetting {
  const [source = "", target, permissions] = text.split(":");
  return longForm({ source, target, permissions });
}
