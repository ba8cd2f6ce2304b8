import { join } from "node:path";
import { readRegistrySettings } from "../../../src/image/registry/settings.ts";

/** Settings that know of nothing on this machine; `home` may hold a .docker/config.json. */
export function bareSettings(home: string) {
  const environment = { HOME: home, GANTRY_CONFIG: join(home, "gantry.json") };
  return { ...readRegistrySettings(environment), certificates: [] };
}
